package dev.moonboot.ignition;

import dev.moonboot.json.GoText;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;

/**
 * Raw Ignition configs, of spec 3.0.0 to 3.4.0: read as Go's encoding/json reads them, checked as
 * Ignition checks them, written as the same config of spec 3.4.0. Unknown keys are left out. Of
 * names that stand twice in one object the last one counts.
 */
public final class Ignition {
  /** What matchbox answers for a config that it cannot use: one that configures nothing. */
  public static final String BLANK =
      "{\"ignition\":{\"config\":{\"replace\":{\"verification\":{}}},\"proxy\":{},"
          + "\"security\":{\"tls\":{}},\"timeouts\":{},\"version\":\"\"},\"kernelArguments\":{},"
          + "\"passwd\":{},\"storage\":{},\"systemd\":{}}";

  /** How many characters a config may have. */
  public static final int LONGEST = 4 << 20;

  /**
   * How many values, names and brackets a config may have: little text must not take much memory.
   */
  static final int MOST_TOKENS = 400_000;

  private Ignition() {}

  /**
   * The same config as spec 3.4.0, compact and escaped as Go does it. Never throws: a fault is a
   * reason, which names places of the config but nothing of what stands there.
   */
  public static Normalized normalize(String text) {
    if (text.isEmpty()) {
      return new Normalized.Unusable("the config is empty");
    }
    if (text.length() > LONGEST) {
      return new Normalized.Unusable("the config is longer than " + LONGEST + " characters");
    }
    try {
      return normalize(JsonText.parseLastWins(text, MOST_TOKENS));
    } catch (JsonException e) {
      return new Normalized.Unusable(
          "the config is not JSON" + e.place().map(at -> ", " + at).orElse(""));
    }
  }

  private static Normalized normalize(Json json) {
    if (!(json instanceof Json.Obj config)) {
      return new Normalized.Unusable("the config is not a JSON object");
    }
    return switch (SpecVersion.of(config)) {
      case SpecVersion.Unknown(var why) -> new Normalized.Unusable(why);
      case SpecVersion.Known(var minor, var text) -> {
        Problems problems = new Problems();
        Json.Obj read = new SchemaReader(minor, text, problems).config(config);
        yield problems.isEmpty()
            ? new Normalized.Config(GoText.compact(read))
            : new Normalized.Unusable(problems.toString());
      }
    };
  }
}
