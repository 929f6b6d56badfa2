package dev.moonboot.release;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import java.util.ArrayList;
import java.util.List;

/** How the assets of a release are called below its folder. */
final class AssetSpellings {
  /** Every spelling that {@link Arch#parse} knows, so that URLs may hold what iPXE reports. */
  private static final List<String> SPELLINGS =
      List.of("amd64", "x86_64", "i386", "arm64", "aarch64");

  private AssetSpellings() {}

  /** {@code vmlinuz-arm64}, {@code arm64/vmlinuz}, {@code aarch64/overlays/vc4.dtbo} … */
  static List<String> of(AssetName name, Arch arch) {
    List<String> paths = new ArrayList<>();
    for (String spelling : SPELLINGS) {
      if (Arch.parse(spelling).filter(arch::equals).isPresent()) {
        paths.add(spelling + "/" + name.fileName());
        if (name instanceof AssetName.Boot) {
          paths.add(name.flatName(arch).replace(arch.id(), spelling));
        }
      }
    }
    return paths;
  }
}
