package dev.moonboot.e2e;

import dev.moonboot.assets.Arch;
import java.util.Locale;

/** The kinds of machine that boot here. */
enum Firmware {
  BIOS(Arch.AMD64, "52:54:00:e2:e0"),
  UEFI_AMD64(Arch.AMD64, "52:54:00:e2:e1"),
  UEFI_ARM64(Arch.ARM64, "52:54:00:e2:e2");

  private final Arch arch;
  private final String macPrefix;

  Firmware(Arch arch, String macPrefix) {
    this.arch = arch;
    this.macPrefix = macPrefix;
  }

  Arch arch() {
    return arch;
  }

  /** The address of the machine that is to boot {@code layout}. */
  String mac(Layout layout) {
    return macPrefix + ":" + layout.macSuffix();
  }

  /** As {@code bootvm} calls it. */
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The device of its first serial port, as Linux calls it. */
  String console() {
    return arch == Arch.ARM64 ? "ttyAMA0" : "ttyS0";
  }

  /** The EFI program that its PXE client loads; BIOS has iPXE in the network card. */
  String bootProgram() {
    return "ipxe-" + arch.id() + ".efi";
  }
}
