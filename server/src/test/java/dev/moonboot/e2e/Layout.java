package dev.moonboot.e2e;

import java.util.Locale;

/** How an image holds kernel and initramfs; also the name of the channel that follows it. */
enum Layout {
  /** Side by side, as Talos's imager image. */
  PLAIN("01"),
  /** In nothing but a UKI, as installer images since Talos 1.10. */
  UKI("02");

  private final String macSuffix;

  Layout(String macSuffix) {
    this.macSuffix = macSuffix;
  }

  /** The end of the addresses of machines that are to boot it. */
  String macSuffix() {
    return macSuffix;
  }

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
