package dev.moonboot.e2e;

import dev.moonboot.assets.Arch;
import java.util.List;

/** The ways in which a machine here looks for its boot service. */
enum Firmware {
  /** SeaBIOS, and iPXE in the network card. */
  BIOS(Arch.AMD64, "bios"),
  /** The same, told at its prompt to load the iPXE that we serve, as a PXE ROM would. */
  BIOS_UNDIONLY(Arch.AMD64, "bios"),
  /** EDK2's PXE client. */
  UEFI_AMD64(Arch.AMD64, "uefi-amd64"),
  UEFI_ARM64(Arch.ARM64, "uefi-arm64"),
  /** EDK2's HTTP boot. */
  UEFI_AMD64_HTTP(Arch.AMD64, "uefi-amd64 --http"),
  UEFI_ARM64_HTTP(Arch.ARM64, "uefi-arm64 --http"),
  /** U-Boot, told at its prompt to load a menu. */
  UBOOT_PXE(Arch.ARM64, "uboot-arm64"),
  /** U-Boot in the order that it was built with: a script, then an EFI program. */
  UBOOT_DEFAULT(Arch.ARM64, "uboot-arm64");

  private final Arch arch;
  private final String bootvm;

  Firmware(Arch arch, String bootvm) {
    this.arch = arch;
    this.bootvm = bootvm;
  }

  Arch arch() {
    return arch;
  }

  /** The arguments of {@code bootvm} that make such a machine. */
  List<String> bootvm() {
    return List.of(bootvm.split(" ", -1));
  }
}
