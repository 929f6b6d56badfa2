package dev.moonboot.assets;

import java.util.Locale;
import java.util.Optional;

/** A processor architecture, by its OCI name ({@code platform.architecture} of image-spec). */
public enum Arch {
  AMD64,
  ARM64;

  /** The OCI name: {@code amd64} or {@code arm64}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The architecture that an OCI name, iPXE's {@code ${buildarch}} or {@code uname -m} means; empty
   * when we know none.
   *
   * <p>{@code i386} is read as amd64: BIOS builds of iPXE report it on 64-bit machines too.
   */
  public static Optional<Arch> parse(String text) {
    return switch (text) {
      case "amd64", "x86_64", "i386" -> Optional.of(AMD64);
      case "arm64", "aarch64" -> Optional.of(ARM64);
      default -> Optional.empty();
    };
  }
}
