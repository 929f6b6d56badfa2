package dev.moonboot.assets.verify;

import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.TreeSet;

/** Reads the texts of signatures in the only way each can be written. */
final class Documents {
  private static final int TOKENS = 20_000;

  private Documents() {}

  /** The JSON object in {@code bytes}; {@code what} begins the message when it is none. */
  static Json.Obj object(String what, byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (JsonText.parse(text, TOKENS) instanceof Json.Obj object) {
        return object;
      }
    } catch (CharacterCodingException e) {
      throw new UnusableException(what + " is not UTF-8");
    } catch (JsonException e) {
      throw new UnusableException(what + " is not JSON: " + shown(String.valueOf(e.getMessage())));
    }
    throw new UnusableException(what + " is not a JSON object");
  }

  /** The member that must be an object. */
  static Json.Obj object(String what, Json.Obj in, String name) {
    return in.object(name)
        .orElseThrow(() -> new UnusableException("%s has no %s".formatted(what, name)));
  }

  /** The member that must be a text. */
  static String text(String what, Json.Obj in, String name) {
    return in.text(name)
        .orElseThrow(() -> new UnusableException("%s has no %s".formatted(what, name)));
  }

  /** The member must be exactly that. */
  static void want(String what, Json.Obj in, String name, String value) {
    String found = text(what, in, name);
    if (!found.equals(value)) {
      throw new UnusableException(
          "%s has %s \"%s\", not \"%s\"".formatted(what, name, shown(found), value));
    }
  }

  /** There may be no other members: what we would not look at could change the meaning. */
  static void only(String what, Json.Obj in, String... names) {
    Set<String> unknown = new TreeSet<>(in.members().keySet());
    unknown.removeAll(Set.of(names));
    if (!unknown.isEmpty()) {
      throw new UnusableException(what + " has unknown members " + shown(unknown.toString()));
    }
  }

  /** Base64 with padding (RFC 4648, 4), and that no other text would decode to the same bytes. */
  static byte[] base64(String what, String text, int maxBytes) {
    if (text.length() > (maxBytes + 2) / 3 * 4) {
      throw new UnusableException(
          "%s has %d characters of base64, for at most %d bytes"
              .formatted(what, text.length(), maxBytes));
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      if (bytes.length > 0 && Base64.getEncoder().encodeToString(bytes).equals(text)) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new UnusableException(what + " is not base64");
  }

  static String shown(String text) {
    String printable = text.replaceAll("[^ -~]", "?");
    return printable.length() <= 100 ? printable : printable.substring(0, 97) + "...";
  }
}
