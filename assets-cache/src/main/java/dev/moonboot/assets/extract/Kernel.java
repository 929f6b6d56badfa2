package dev.moonboot.assets.extract;

import dev.moonboot.assets.Arch;

/**
 * What a kernel file is.
 *
 * @param release {@code 6.12.31-talos}; empty where it does not say
 */
record Kernel(Arch arch, Format format, String release) {
  enum Format {
    /** x86, kernel doc x86/boot. */
    BZIMAGE,
    /** arm64 uncompressed, kernel doc arm64/booting. */
    ARM64_IMAGE,
    /** A compressed arm64 Image that is an EFI program (drivers/firmware/efi/libstub/zboot.c). */
    EFI_ZBOOT
  }
}
