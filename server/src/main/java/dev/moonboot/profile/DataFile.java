package dev.moonboot.profile;

import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import dev.moonboot.node.MacAddress;
import dev.moonboot.node.NodeLabels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads one group or profile file as Go's encoding/json does for matchbox: names of members in any
 * case, of repeated ones the last counts, unknown ones are ignored, null is absent, and a value of
 * another type makes the file unusable.
 */
final class DataFile {
  private static final Json.Obj NOTHING = new Json.Obj(Map.of());

  private final Json.Obj content;

  private DataFile(Json.Obj content) {
    this.content = content;
  }

  /**
   * @throws UnusableFileException when the text is no group
   */
  static Group group(String file, String text) {
    DataFile in = parse(text);
    Extensions extensions = ExtensionsReader.group(in.object(Extensions.MEMBER, NOTHING));
    return new Group(
        file,
        in.text("id"),
        in.text("name"),
        in.text("profile"),
        in.selector(extensions),
        in.lists(extensions),
        in.object("metadata", NOTHING),
        extensions);
  }

  /**
   * @throws UnusableFileException when the text is no profile
   */
  static Profile profile(String file, String text) {
    DataFile in = parse(text);
    String id = in.text("id");
    if (id.isEmpty()) {
      throw new UnusableFileException("\"id\" is missing or empty: a profile must have one");
    }
    return new Profile(
        file,
        id,
        in.text("name"),
        in.text("ignition_id"),
        in.text("cloud_id"),
        in.text("generic_id"),
        in.netBoot(),
        in.machineConfig(),
        ExtensionsReader.profile(in.object(Extensions.MEMBER, NOTHING)));
  }

  private static DataFile parse(String text) {
    if (text.startsWith("\uFEFF")) {
      throw new UnusableFileException("it begins with a byte order mark: save it without");
    }
    try {
      if (JsonText.parseLastWins(text) instanceof Json.Obj object) {
        return new DataFile(object);
      }
    } catch (JsonException e) {
      throw new UnusableFileException("not JSON: " + e.getMessage());
    }
    throw new UnusableFileException("not a JSON object");
  }

  /** The last member of that name in any case which is not null. */
  private @Nullable Json member(String name) {
    Json found = null;
    for (var member : content.members().entrySet()) {
      if (member.getKey().equalsIgnoreCase(name) && !(member.getValue() instanceof Json.Null)) {
        found = member.getValue();
      }
    }
    return found;
  }

  private String text(String name) {
    Json value = member(name);
    return value == null ? "" : text("\"" + name + "\"", value);
  }

  private static String text(String what, Json value) {
    return switch (value) {
      case Json.Str(var text) -> wellFormed(text);
      case Json.Null() -> ""; // in a list or map null leaves Go's zero value
      case Json.Obj _, Json.Arr _, Json.Num _, Json.Bool _ ->
          throw new UnusableFileException(what + " must be a string");
    };
  }

  /** An escaped half of a surrogate pair is U+FFFD to Go. */
  private static String wellFormed(String text) {
    return text.chars().noneMatch(c -> Character.isSurrogate((char) c))
        ? text
        : text.codePoints()
            .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
  }

  private Json.Obj object(String name, Json.Obj absent) {
    Json value = member(name);
    if (value == null) {
      return absent;
    }
    if (value instanceof Json.Obj object) {
      return object;
    }
    throw new UnusableFileException("\"" + name + "\" must be an object");
  }

  private SortedMap<String, String> selector(Extensions extensions) {
    SortedMap<String, String> selector = new TreeMap<>();
    object("selector", NOTHING)
        .members()
        .forEach((name, json) -> {
          String key = wellFormed(name);
          if (!isList(json, extensions)) {
            selector.put(key, wanted(key, json));
          }
        });
    return selector;
  }

  private static boolean isList(Json value, Extensions extensions) {
    return value instanceof Json.Arr && extensions.selectorLists();
  }

  private static String wanted(String key, Json json) {
    String value = text("selector \"" + key + "\"", json);
    return NodeLabels.isMac(key) ? mac(key, value) : value;
  }

  private SortedMap<String, List<String>> lists(Extensions extensions) {
    SortedMap<String, List<String>> lists = new TreeMap<>();
    long combinations = 1;
    for (var label : object("selector", NOTHING).members().entrySet()) {
      String key = wellFormed(label.getKey());
      if (isList(label.getValue(), extensions) && label.getValue() instanceof Json.Arr(var items)) {
        List<String> values = items.stream().map(item -> wanted(key, item)).distinct().toList();
        if (values.isEmpty()) {
          throw new UnusableFileException("selector \"" + key + "\" is a list without values");
        }
        lists.put(key, values);
        combinations *= values.size();
        if (combinations > Group.MAX_COMBINATIONS) {
          throw new UnusableFileException(
              "the lists in its selector have more than %d combinations: make several groups of it"
                  .formatted(Group.MAX_COMBINATIONS));
        }
      }
    }
    return lists;
  }

  private static String mac(String key, String value) {
    return MacAddress.parse(value)
        .map(MacAddress::text)
        .orElseThrow(() ->
            new UnusableFileException(
                "selector \"%s\": \"%s\" is not a hardware address".formatted(key, value)));
  }

  private String machineConfig() {
    String file = text(Profile.MACHINE_CONFIG);
    if (!file.isEmpty() && !Profile.isMachineConfig(file)) {
      throw new UnusableFileException(
          "\"%s\": \"%s\" is no path below /assets/ such as machine/worker.yaml"
              .formatted(Profile.MACHINE_CONFIG, file));
    }
    return file;
  }

  private Profile.@Nullable NetBoot netBoot() {
    Json value = member("boot");
    if (value == null) {
      return null;
    }
    if (value instanceof Json.Obj object) {
      DataFile boot = new DataFile(object);
      return new Profile.NetBoot(boot.text("kernel"), boot.texts("initrd"), boot.texts("args"));
    }
    throw new UnusableFileException("\"boot\" must be an object");
  }

  private List<String> texts(String name) {
    Json value = member(name);
    if (value == null) {
      return List.of();
    }
    if (value instanceof Json.Arr(var items)) {
      List<String> texts = new ArrayList<>();
      items.forEach(item -> texts.add(text("every item of \"" + name + "\"", item)));
      return texts;
    }
    throw new UnusableFileException("\"" + name + "\" must be a list of strings");
  }
}
