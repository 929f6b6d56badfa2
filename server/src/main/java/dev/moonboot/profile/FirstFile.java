package dev.moonboot.profile;

import java.util.Arrays;
import java.util.Optional;

/** What firmware that loads one file over the network is told to load. */
public enum FirstFile {
  /** iPXE, which then asks for a script. */
  IPXE("ipxe"),
  /** The release's unified kernel image itself; firmware gives it no arguments. */
  UKI("uki");

  /** For people: what there is to choose from. */
  static final String CHOICE = "must be \"ipxe\" or \"uki\"";

  private final String text;

  FirstFile(String text) {
    this.text = text;
  }

  /** As it stands in a profile: {@code uki}. */
  public String text() {
    return text;
  }

  static Optional<FirstFile> of(String text) {
    return Arrays.stream(values()).filter(value -> value.text.equals(text)).findFirst();
  }
}
