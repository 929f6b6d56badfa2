package dev.moonboot.firmware;

import dev.moonboot.assets.Arch;

/** What a boot program runs on. */
public enum Platform {
  BIOS(Arch.AMD64, "undionly.kpxe"),
  EFI_AMD64(Arch.AMD64, "ipxe-amd64.efi"),
  EFI_ARM64(Arch.ARM64, "ipxe-arm64.efi");

  private final Arch arch;
  private final String program;

  Platform(Arch arch, String program) {
    this.arch = arch;
    this.program = program;
  }

  public Arch arch() {
    return arch;
  }

  /** The name under which iPXE for it is offered: {@code ipxe-arm64.efi}. */
  public String program() {
    return program;
  }
}
