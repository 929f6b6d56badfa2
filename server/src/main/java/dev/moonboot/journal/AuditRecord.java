package dev.moonboot.journal;

import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

/**
 * One line of the audit log, read.
 *
 * @param seq its number: the first record has 1, each next one more
 * @param prev the digest of the line before it; of 64 zeros for the first
 * @param content the whole object, members as they stand in the log
 */
public record AuditRecord(long seq, String prev, Instant at, Json.Obj content) {
  /** Reads a line without its line feed; nothing when it is no record. */
  static Optional<AuditRecord> parse(String line) {
    try {
      if (JsonText.parse(line) instanceof Json.Obj content) {
        Optional<Long> seq = content.integer("seq");
        Optional<String> prev = content.text("prev");
        Optional<String> time = content.text("ts");
        if (seq.isPresent() && prev.isPresent() && time.isPresent()) {
          Instant at = Instant.parse(time.get());
          return Optional.of(new AuditRecord(seq.get(), prev.get(), at, content));
        }
      }
      return Optional.empty();
    } catch (JsonException | DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** What happened: {@code pin.set}. */
  public String event() {
    return text("event");
  }

  /** {@code ok}, {@code refused} or {@code failed}. */
  public String outcome() {
    return text("outcome");
  }

  /** Why, for people. */
  public String reason() {
    return text("reason");
  }

  /** Where from: {@code 127.0.0.1:52114 admin}. */
  public String source() {
    return text("src");
  }

  /** Who: the token's name, the certificate's fingerprint, the node's hardware address. */
  public String actor() {
    return content.object("actor").flatMap(actor -> actor.text("id")).orElse("");
  }

  /** What kind of one that is: {@code token}, {@code node}, {@code system}. */
  public String actorType() {
    return content.object("actor").flatMap(actor -> actor.text("type")).orElse("");
  }

  /** What it was done to. */
  public Json.Obj target() {
    return content.object("target").orElseGet(() -> new Json.Obj(Map.of()));
  }

  private String text(String name) {
    return content.text(name).orElse("");
  }
}
