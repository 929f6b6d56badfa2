package dev.moonboot.profile;

import dev.moonboot.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What must hold of a group or profile that comes over a network before it is written. Stricter
 * than what is asked of files: what is misspelt is told, not ignored, and all problems are told
 * together.
 */
final class WriteChecks {
  private enum Type {
    TEXT,
    /** {@link BootChecks} look at what it says. */
    LINE,
    TEXTS,
    SELECTOR,
    FREE,
    BOOT,
    FLAG,
    FIRST,
    /** How a Raspberry Pi boots. */
    WAY,
    CONFIG_TXT,
    OF_GROUP,
    OF_PROFILE,
    OF_PI
  }

  private static final Map<CatalogKind, Map<String, Type>> MEMBERS =
      Map.of(
          CatalogKind.GROUP,
          Map.of(
              "id",
              Type.TEXT,
              "name",
              Type.TEXT,
              "profile",
              Type.TEXT,
              "selector",
              Type.SELECTOR,
              "metadata",
              Type.FREE,
              Extensions.MEMBER,
              Type.OF_GROUP),
          CatalogKind.PROFILE,
          Map.of(
              "id",
              Type.TEXT,
              "name",
              Type.TEXT,
              "ignition_id",
              Type.TEXT,
              "cloud_id",
              Type.TEXT,
              "generic_id",
              Type.TEXT,
              "boot",
              Type.BOOT,
              Profile.MACHINE_CONFIG,
              Type.TEXT,
              Extensions.MEMBER,
              Type.OF_PROFILE));

  private static final Map<String, Type> BOOT =
      Map.of("kernel", Type.LINE, "initrd", Type.TEXTS, "args", Type.TEXTS);

  private static final Map<String, Type> OF_GROUP = Map.of(Extensions.SELECTOR_LISTS, Type.FLAG);

  private static final Map<String, Type> OF_PROFILE =
      Map.of(
          Extensions.TEMPLATES,
          Type.FLAG,
          Extensions.FIRST,
          Type.FIRST,
          Extensions.ALLOW_WIPE,
          Type.FLAG,
          Extensions.RASPBERRY_PI,
          Type.OF_PI);

  private static final Map<String, Type> OF_PI =
      Map.of(PiBoot.BOOT, Type.WAY, PiBoot.CONFIG_TXT, Type.CONFIG_TXT);

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private final List<FieldProblem> problems = new ArrayList<>();

  private final boolean lists;

  private WriteChecks(Json.Obj content) {
    lists =
        content
            .object(Extensions.MEMBER)
            .flatMap(asked -> asked.member(Extensions.SELECTOR_LISTS))
            .filter(new Json.Bool(true)::equals)
            .isPresent();
  }

  /** All that is wrong with the form of {@code content}; what it says is not looked at. */
  static List<FieldProblem> of(CatalogKind kind, String id, Json.Obj content) {
    WriteChecks checks = new WriteChecks(content);
    checks.members("", content, MEMBERS.getOrDefault(kind, Map.of()));
    content
        .text("id")
        .filter(given -> !given.equals(id))
        .ifPresent(
            given -> checks.add("/id", "is \"" + given + "\", but the path says \"" + id + "\""));
    checks.problems.addAll(Redaction.problems(content));
    return checks.problems;
  }

  private void add(String pointer, String why) {
    problems.add(new FieldProblem(pointer, why));
  }

  private void members(String pointer, Json.Obj object, Map<String, Type> known) {
    object
        .members()
        .forEach((name, value) -> {
          String at = FieldProblem.below(pointer, name);
          Type type = known.get(name);
          if (type == null) {
            add(at, "is unknown; there are " + String.join(", ", new TreeMap<>(known).keySet()));
          } else if (!(value instanceof Json.Null)) { // as good as absent to matchbox
            value(at, type, value);
          }
        });
  }

  private void value(String at, Type type, Json value) {
    switch (type) {
      case TEXT -> text(at, value);
      case LINE -> anyText(at, value);
      case TEXTS -> texts(at, value);
      case SELECTOR -> {
        if (value instanceof Json.Obj(var labels)) {
          labels.forEach((key, label) -> label(FieldProblem.below(at, key), label));
          emptyKey(at, labels.keySet());
        } else {
          add(at, "must be an object of strings");
        }
      }
      case FREE -> {
        if (value instanceof Json.Obj) {
          numbers(at, value);
        } else {
          add(at, "must be an object");
        }
      }
      case BOOT -> object(at, value, BOOT);
      case OF_GROUP -> object(at, value, OF_GROUP);
      case OF_PROFILE -> object(at, value, OF_PROFILE);
      case OF_PI -> object(at, value, OF_PI);
      case FIRST -> oneOf(at, value, text -> FirstFile.of(text).isPresent(), FirstFile.CHOICE);
      case WAY -> oneOf(at, value, text -> PiBoot.Way.of(text).isPresent(), PiBoot.Way.CHOICE);
      case CONFIG_TXT -> configTxt(at, value);
      case FLAG -> {
        if (!(value instanceof Json.Bool)) {
          add(at, "must be true or false");
        }
      }
    }
  }

  private void texts(String at, Json value) {
    if (value instanceof Json.Arr(var items)) {
      for (int i = 0; i < items.size(); i++) {
        anyText(at + "/" + i, items.get(i));
      }
    } else {
      add(at, "must be a list of strings");
    }
  }

  private void configTxt(String at, Json value) {
    texts(at, value);
    if (value instanceof Json.Arr(var items)) {
      for (int i = 0; i < items.size(); i++) {
        if (items.get(i) instanceof Json.Str(var line)) {
          String where = at + "/" + i;
          PiBoot.problem(line).ifPresent(why -> add(where, why));
        }
      }
    }
  }

  private void oneOf(String at, Json value, Predicate<String> known, String choice) {
    if (!(value instanceof Json.Str(var text)) || !known.test(text)) {
      add(at, choice);
    }
  }

  private void object(String at, Json value, Map<String, Type> known) {
    if (value instanceof Json.Obj object) {
      members(at, object, known);
    } else {
      add(at, "must be an object");
    }
  }

  private void label(String at, Json value) {
    if (!(value instanceof Json.Arr(var items))) {
      text(at, value);
    } else if (lists) {
      for (int i = 0; i < items.size(); i++) {
        text(at + "/" + i, items.get(i));
      }
    } else {
      add(at, "must be a string; a list needs \"moonboot\": {\"selector_lists\": true}");
    }
  }

  private void emptyKey(String at, Set<String> keys) {
    if (keys.contains("")) {
      add(at, "has a label without a name");
    }
  }

  private void text(String at, Json value) {
    anyText(at, value);
    if (value instanceof Json.Str(var text) && CONTROL.matcher(text).find()) {
      add(at, "has a line break or another control character");
    }
  }

  private void anyText(String at, Json value) {
    if (!(value instanceof Json.Str)) {
      add(at, "must be a string");
    }
  }

  /** Go keeps numbers as floating point: what that would change is refused, not changed. */
  private void numbers(String at, Json value) {
    switch (value) {
      case Json.Obj(var members) ->
          members.forEach((name, inner) -> numbers(FieldProblem.below(at, name), inner));
      case Json.Arr(var items) -> {
        for (int i = 0; i < items.size(); i++) {
          numbers(at + "/" + i, items.get(i));
        }
      }
      case Json.Num(var text) -> {
        if (GoJson.number(text).isEmpty()) {
          add(at, "is a number that 64-bit floating point cannot hold exactly: make it a string");
        }
      }
      case Json.Str _, Json.Bool _, Json.Null _ -> {}
    }
  }
}
