package dev.moonboot.firmware;

import dev.moonboot.assets.Arch;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a boot program runs on. */
public enum Platform {
  BIOS("BIOS", Arch.AMD64, "undionly.kpxe"),
  EFI_AMD64("UEFI amd64", Arch.AMD64, "ipxe-amd64.efi"),
  EFI_ARM64("UEFI arm64", Arch.ARM64, "ipxe-arm64.efi");

  private final String title;
  private final Arch arch;
  private final String program;

  Platform(String title, Arch arch, String program) {
    this.title = title;
    this.arch = arch;
    this.program = program;
  }

  /** For people: {@code UEFI arm64}. */
  public String title() {
    return title;
  }

  public Arch arch() {
    return arch;
  }

  /** The name under which iPXE for it is offered: {@code ipxe-arm64.efi}. */
  public String program() {
    return program;
  }

  /**
   * What iPXE for it is called where it is installed, the best first. Debian 12 has {@code
   * undionly.kpxe}, {@code ipxe.efi} and {@code snponly.efi}, the last two for amd64; Debian 13 has
   * {@code ipxe-amd64.efi} and {@code ipxe-arm64.efi}, too.
   */
  public List<String> files() {
    return switch (this) {
      case BIOS -> List.of(program, "undionly.kkpxe");
      case EFI_AMD64 ->
          List.of(
              program,
              "ipxe-x86_64.efi",
              "amd64/ipxe.efi",
              "x86_64/ipxe.efi",
              "ipxe.efi",
              "snponly.efi",
              "snp.efi");
      case EFI_ARM64 ->
          List.of(
              program,
              "arm64/ipxe.efi",
              "snponly-arm64.efi",
              "arm64/snponly.efi",
              "snp-arm64.efi",
              "arm64/snp.efi");
    };
  }

  /** What it is called in an image of loaders, where each architecture has a folder of its own. */
  String asset() {
    return this == BIOS ? program : "ipxe.efi";
  }

  /** Whose program is offered under that name. */
  static Optional<Platform> ofProgram(String name) {
    return Arrays.stream(values())
        .filter(platform -> platform.program.equalsIgnoreCase(name))
        .findFirst();
  }
}
