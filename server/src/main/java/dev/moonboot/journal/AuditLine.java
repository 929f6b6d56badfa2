package dev.moonboot.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.moonboot.assets.Digest;
import dev.moonboot.json.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One event as one line of the audit log: a JSON object in printable ASCII, ending with a line
 * feed. Values are cut at {@value #LONGEST} characters, so that a line is bounded; whatever is not
 * printable ASCII (control characters, marks that change the direction of text, line separators of
 * Unicode) is written as a {@code \\u} escape, so that no terminal and no reader of lines is
 * misled.
 */
final class AuditLine {
  static final int LONGEST = 512;
  private static final int MOST_MEMBERS = 16;
  private static final String CUT = "...";

  /** What stands in members of their own; the rest of the details stands together. */
  private static final Set<String> NAMED =
      Set.of("from", "to", "rule", "signer", "format", "request", "idempotencyKey");

  /** This program needs Java 25, which is of that day: an earlier time is a clock never set. */
  private static final Instant JAVA_25 = Instant.parse("2025-09-16T00:00:00Z");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private AuditLine() {}

  /** As it stands in the log: the {@code seq}th record, after the line with the digest prev. */
  static byte[] numbered(AuditEvent event, Instant at, String version, long seq, Digest prev) {
    return text(event, at, version, Json.Num.of(seq), new Json.Str(prev.toString()))
        .getBytes(US_ASCII);
  }

  /** For an event that could not get a place in the chain. */
  static String unnumbered(AuditEvent event, Instant at, String version) {
    return text(event, at, version, new Json.Null(), new Json.Null());
  }

  private static String text(AuditEvent event, Instant at, String version, Json seq, Json prev) {
    Map<String, Json> line = new LinkedHashMap<>();
    line.put("ts", new Json.Str(TIME.format(at)));
    line.put("seq", seq);
    line.put("prev", prev);
    line.put("event", value(event.event()));
    line.put("outcome", value(event.outcome()));
    line.put("reason", value(event.reason()));
    line.put("actor", actor(event.actor()));
    line.put("src", value(event.actor().source()));
    line.put("target", object(event.target()));
    details(event.details(), line);
    line.put("clock", new Json.Str(at.isBefore(JAVA_25) ? "unset" : "ok"));
    line.put("ver", value(version));
    return escape(new Json.Obj(line).compact()) + "\n";
  }

  private static Json actor(Actor actor) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("type", new Json.Str(actor.type().name().toLowerCase(Locale.ROOT)));
    members.put("id", value(actor.id()));
    return new Json.Obj(members);
  }

  private static void details(Map<String, String> details, Map<String, Json> line) {
    put("from", details.get("from"), line);
    put("to", details.get("to"), line);
    group("policy", line, details, "rule", "rule", "signer", "keyFingerprint", "format", "format");
    group("req", line, details, "request", "id", "idempotencyKey", "idempotencyKey");
    Map<String, String> rest = new LinkedHashMap<>(details);
    rest.keySet().removeAll(NAMED);
    if (!rest.isEmpty()) {
      line.put("details", object(rest));
    }
  }

  private static void group(
      String name, Map<String, Json> line, Map<String, String> details, String... keysAndNames) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (int i = 0; i < keysAndNames.length; i += 2) {
      put(keysAndNames[i + 1], details.get(keysAndNames[i]), members);
    }
    if (!members.isEmpty()) {
      line.put(name, new Json.Obj(members));
    }
  }

  private static void put(String name, @Nullable String text, Map<String, Json> members) {
    if (text != null) {
      members.put(name, value(text));
    }
  }

  private static Json object(Map<String, String> texts) {
    Map<String, Json> members = new LinkedHashMap<>();
    texts.forEach((name, text) -> {
      if (members.size() < MOST_MEMBERS) {
        members.put(cut(name), value(text));
      }
    });
    return new Json.Obj(members);
  }

  private static Json value(String text) {
    return new Json.Str(cut(text));
  }

  private static String cut(String given) {
    String text = wellFormed(given);
    if (text.length() <= LONGEST) {
      return text;
    }
    int end = LONGEST - CUT.length();
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + CUT;
  }

  /** Half of a surrogate pair is no text, and readers of JSON may refuse it. */
  private static String wellFormed(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .forEach(out::appendCodePoint);
    return out.toString();
  }

  /** Only within strings of JSON there can be anything but printable ASCII. */
  private static String escape(String json) {
    StringBuilder out = new StringBuilder(json.length() + 16);
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c >= ' ' && c < 0x7f) {
        out.append(c);
      } else {
        out.append("\\u%04X".formatted((int) c));
      }
    }
    return out.toString();
  }
}
