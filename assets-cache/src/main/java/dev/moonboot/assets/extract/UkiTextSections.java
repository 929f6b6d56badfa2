package dev.moonboot.assets.extract;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the text sections of a unified kernel image say. */
public final class UkiTextSections {
  /** {@code #### LoaderInfo: systemd-stub 257.4 ####} (systemd, src/boot/version.h). */
  private static final Pattern STUB = Pattern.compile("#### LoaderInfo: ([ -~]{1,64}?) ####");

  private static final Pattern ID = Pattern.compile("(?m)^ID=[\"']?([ -~]{1,64}?)[\"']?\\s*$");

  private UkiTextSections() {}

  /** The stub's name and version; empty when it does not say. */
  public static String stub(String sdmagic) {
    Matcher match = STUB.matcher(sdmagic);
    return match.find() ? match.group(1) : "";
  }

  /** The profile's id; empty when it has none. */
  static String profile(String section) {
    Matcher match = ID.matcher(section);
    return match.find() ? match.group(1) : "";
  }

  /** On one line, whatever it holds. */
  static String cmdline(String section) {
    int nul = section.indexOf('\0');
    return (nul < 0 ? section : section.substring(0, nul)).replaceAll("\\p{Cntrl}", " ").strip();
  }
}
