package dev.moonboot.profile;

import dev.moonboot.json.Json;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a Raspberry Pi boots a profile.
 *
 * @param way what its firmware starts
 * @param configTxt lines for its {@code config.txt} besides those that the way needs, in order
 */
public record PiBoot(Way way, List<String> configTxt) {
  /** The kernel directly, and nothing besides. */
  public static final PiBoot DEFAULT = new PiBoot(Way.KERNEL, List.of());

  /** The Raspberry Pi's firmware cuts a line of {@code config.txt} after so many characters. */
  public static final int LONGEST_LINE = 98;

  static final String BOOT = "boot";
  static final String CONFIG_TXT = "config_txt";

  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\u0085\u2028\u2029]");

  /** What the firmware of a Raspberry Pi starts. */
  public enum Way {
    /** The kernel. */
    KERNEL("kernel"),
    /** U-Boot, which then asks as firmware does. */
    U_BOOT("u-boot"),
    /** UEFI firmware, which then asks as firmware does. */
    UEFI("uefi");

    /** For people: what there is to choose from. */
    static final String CHOICE = "must be \"kernel\", \"u-boot\" or \"uefi\"";

    private final String text;

    Way(String text) {
      this.text = text;
    }

    /** As it stands in a profile: {@code u-boot}. */
    public String text() {
      return text;
    }

    static Optional<Way> of(String text) {
      return Arrays.stream(values()).filter(value -> value.text.equals(text)).findFirst();
    }
  }

  public PiBoot {
    configTxt = List.copyOf(configTxt);
  }

  /** What is wrong with a line for {@code config.txt}; empty when nothing is. */
  static Optional<String> problem(String line) {
    if (CONTROL.matcher(line).find()) {
      return Optional.of("has a line break or another control character: write one item a line");
    }
    return line.length() <= LONGEST_LINE
        ? Optional.empty()
        : Optional.of(
            "has %d characters: the firmware reads no more than %d of a line"
                .formatted(line.length(), LONGEST_LINE));
  }

  /** As it stands in the file; without members when it says nothing but what holds anyway. */
  Json.Obj json() {
    Map<String, Json> members = new LinkedHashMap<>();
    if (way != Way.KERNEL) {
      members.put(BOOT, new Json.Str(way.text()));
    }
    if (!configTxt.isEmpty()) {
      members.put(CONFIG_TXT, new Json.Arr(configTxt.stream().<Json>map(Json.Str::new).toList()));
    }
    return new Json.Obj(members);
  }
}
