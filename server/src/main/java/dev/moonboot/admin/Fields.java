package dev.moonboot.admin;

import dev.moonboot.admin.Problem.FieldError;
import dev.moonboot.assets.Digest;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the members of a body, one by one. What is wrong is collected and told all at once by
 * {@link #end}; until then a read that failed answers with nothing.
 */
final class Fields {
  private static final long MOST_TOKENS = 20_000;

  private final Json.Obj body;
  private final String path;
  private final List<FieldError> errors;
  private final Set<String> known = new HashSet<>();
  private final List<Fields> inner = new ArrayList<>();

  private Fields(Json.Obj body, String path, List<FieldError> errors) {
    this.body = body;
    this.path = path;
    this.errors = errors;
  }

  /**
   * Of one JSON object that fills the text; no text is an object without members.
   *
   * @throws ProblemException for anything else
   */
  static Fields of(String text) {
    return new Fields(wholeObject(text), "", new ArrayList<>());
  }

  /** The whole object, unread; for what is checked elsewhere. */
  static Json.Obj wholeObject(String text) {
    if (text.isEmpty()) {
      return new Json.Obj(Map.of());
    }
    if (text.startsWith("\uFEFF")) {
      throw malformed("begins with a byte order mark, which JSON must not have (RFC 8259, 8.1)");
    }
    try {
      if (JsonText.parse(text, MOST_TOKENS) instanceof Json.Obj body) {
        return body;
      }
    } catch (JsonException e) {
      throw malformed("is not JSON: " + e.getMessage());
    }
    throw Problem.of(
            ProblemKind.INVALID,
            "the body is JSON, but no object",
            List.of(new FieldError("", "must be an object: {…}")))
        .asException();
  }

  private static ProblemException malformed(String why) {
    return new ProblemException(ProblemKind.MALFORMED, "the body " + why);
  }

  /** A string of 1 to {@code most} characters that must be there. */
  String text(String name, int most) {
    Optional<String> text = optionalText(name, most);
    require(name, text);
    return text.orElse("");
  }

  /** A string of 1 to {@code most} characters. */
  Optional<String> optionalText(String name, int most) {
    Optional<Json> value = member(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (!(value.get() instanceof Json.Str(var text))) {
      return wrong(name, "must be a string");
    }
    if (text.isEmpty() || text.length() > most) {
      return wrong(name, "must have 1 to " + most + " characters, has " + text.length());
    }
    return Optional.of(text);
  }

  /** A digest. */
  Optional<Digest> optionalDigest(String name) {
    return optionalText(name, 512)
        .flatMap(text -> {
          try {
            return Optional.of(Digest.parse(text));
          } catch (IllegalArgumentException e) {
            return wrong(name, "must be sha256: and 64 digits of 0-9 a-f");
          }
        });
  }

  /** A moment in time (RFC 3339). */
  Optional<Instant> optionalInstant(String name) {
    return optionalText(name, 64)
        .flatMap(text -> {
          try {
            return Optional.of(Instant.parse(text));
          } catch (DateTimeException e) {
            return wrong(name, "must be a time such as 2026-01-02T03:04:05Z");
          }
        });
  }

  boolean flag(String name, boolean fallback) {
    Optional<Json> value = member(name);
    if (value.isPresent() && !(value.get() instanceof Json.Bool)) {
      this.<Boolean>wrong(name, "must be true or false");
    }
    return value.orElse(null) instanceof Json.Bool(var flag) ? flag : fallback;
  }

  /** An array of strings; empty when it is not there. */
  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    Optional<Json> value = member(name);
    if (value.isPresent() && !(value.get() instanceof Json.Arr)) {
      this.<String>wrong(name, "must be an array of strings");
    }
    if (value.orElse(null) instanceof Json.Arr(var items)) {
      for (int i = 0; i < items.size(); i++) {
        if (items.get(i) instanceof Json.Str(var text)) {
          texts.add(text);
        } else {
          errors.add(new FieldError(pointer(name) + "/" + i, "must be a string"));
        }
      }
    }
    return texts;
  }

  /** An object whose members are strings; empty when it is not there. */
  Map<String, String> textMap(String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    object(name)
        .ifPresent(fields ->
            fields
                .body
                .members()
                .keySet()
                .forEach(
                    key -> fields.optionalText(key, 4096).ifPresent(text -> texts.put(key, text))));
    return texts;
  }

  /** The members of an object within. */
  Optional<Fields> object(String name) {
    Optional<Json> value = member(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (!(value.get() instanceof Json.Obj object)) {
      return wrong(name, "must be an object");
    }
    Fields fields = new Fields(object, pointer(name), errors);
    inner.add(fields);
    return Optional.of(fields);
  }

  private Optional<Json> member(String name) {
    known.add(name);
    return body.member(name);
  }

  private void require(String name, Optional<?> value) {
    if (value.isEmpty() && body.member(name).isEmpty()) {
      wrong(name, "must be there");
    }
  }

  /** Notes that a member will not do; tells nothing, so that it can stand for the value. */
  <T> Optional<T> wrong(String name, String why) {
    errors.add(new FieldError(pointer(name), why));
    return Optional.empty();
  }

  /** RFC 6901, 3. */
  private String pointer(String name) {
    return path + "/" + name.replace("~", "~0").replace("/", "~1");
  }

  /**
   * All has been read.
   *
   * @throws ProblemException when anything was wrong, or there are members nobody asked for
   */
  void end() {
    unknown();
    if (!errors.isEmpty()) {
      String first = errors.getFirst().pointer() + " " + errors.getFirst().detail();
      throw Problem.of(
              ProblemKind.INVALID,
              errors.size() == 1
                  ? "the body cannot be used: " + first
                  : "the body cannot be used: " + first + ", and more; see errors",
              errors)
          .asException();
    }
  }

  private void unknown() {
    body.members().keySet().stream()
        .filter(name -> !known.contains(name))
        .forEach(name -> errors.add(new FieldError(pointer(name), "is not known here")));
    inner.forEach(Fields::unknown);
  }
}
