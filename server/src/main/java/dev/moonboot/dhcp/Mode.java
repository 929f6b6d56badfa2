package dev.moonboot.dhcp;

import java.util.Locale;

/** How UEFI is told what to load by TFTP. */
public enum Mode {
  /** It asks once more, on port 4011: understood by all, and four seconds or so slower. */
  BINL,
  /**
   * The offer says it all (option 43: bypass discovery), as a BIOS is always told; preferred by
   * firmware over a router that calls itself a PXE server, and ignored by some.
   */
  DIRECT,
  /** Not at all; something else on the network has to. */
  SILENT;

  /** As it stands in the configuration. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
