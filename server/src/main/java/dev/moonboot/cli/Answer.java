package dev.moonboot.cli;

import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import java.util.Map;
import java.util.Optional;

/**
 * What the server answered, as it is: also what it refuses.
 *
 * @param headers by lower-case name
 */
record Answer(int status, Map<String, String> headers, String text) {
  Answer {
    headers = Map.copyOf(headers);
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  boolean isGood() {
    return status >= 200 && status < 300;
  }

  /**
   * The JSON object in it; one without members when there is no body.
   *
   * @throws CliException when it is something else: that is no moonboot
   */
  Json.Obj json() {
    if (text.isEmpty()) {
      return new Json.Obj(Map.of());
    }
    try {
      if (JsonText.parse(text) instanceof Json.Obj object) {
        return object;
      }
    } catch (JsonException e) {
      // told below
    }
    throw new CliException(
        CliException.FAILED,
        "the answer (status %d) is not moonboot's: %s\n  is the admin listener at that address?"
            .formatted(status, Cell.clean(text.substring(0, Math.min(80, text.length())))));
  }
}
