package dev.moonboot.assets.registry;

import dev.moonboot.json.Json;
import java.io.IOException;
import java.util.Optional;

/** What a registry says of an error (distribution-spec, "Error Codes"). */
final class RegistryErrors {
  private static final int LONGEST = 200;

  private RegistryErrors() {}

  /** {@code " (BLOB_UNKNOWN: …)"}, for a message; empty when it says nothing. Ends the answer. */
  static String text(Answer answer) {
    try (answer) {
      return first(ManifestReader.object("errors", answer.body().all(Limits.TOKEN)))
          .map(error -> error.text("code").orElse("") + ": " + error.text("message").orElse(""))
          // It is the registry's own text, and may go to a terminal.
          .map(text -> text.replaceAll("[^\\x20-\\x7e]", "?"))
          .map(text -> " (" + text.substring(0, Math.min(text.length(), LONGEST)) + ")")
          .orElse("");
    } catch (IOException | RegistryException e) {
      return "";
    }
  }

  private static Optional<Json.Obj> first(Json.Obj errors) {
    return errors.array("errors").stream()
        .flatMap(all -> all.stream())
        .filter(Json.Obj.class::isInstance)
        .map(Json.Obj.class::cast)
        .findFirst();
  }
}
