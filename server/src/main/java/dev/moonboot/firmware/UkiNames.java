package dev.moonboot.firmware;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a unified kernel image is called in the folder of a node. */
final class UkiNames {
  private UkiNames() {}

  /** {@code uki-arm64.efi}. */
  static String of(Arch arch) {
    return AssetName.UKI.flatName(arch);
  }

  /** The architecture of the unified kernel image that a name means. */
  static Optional<Arch> arch(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return Arrays.stream(Arch.values()).filter(arch -> of(arch).equals(lower)).findFirst();
  }
}
