package dev.moonboot.assets.extract;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.TalosArguments;
import dev.moonboot.assets.TalosVersion;
import java.util.ArrayList;
import java.util.List;

/**
 * The kernel command line that Talos itself gives the {@code metal} platform, for images that carry
 * none.
 */
final class TalosCmdline {
  private static final String METAL = "metal";

  /** Taken where a version says nothing: the newest whose arguments are known for sure. */
  private static final TalosVersion NEWEST = new TalosVersion(1, 13, 0, "");

  /** Talos compressed its initramfs with xz up to 1.7. */
  private static final TalosVersion LAST_WITH_XZ = new TalosVersion(1, 7, 0, "");

  private TalosCmdline() {}

  /**
   * The arguments, one blank between each.
   *
   * @param version {@code v1.13.6}; where it is anything else, the initramfs tells old from new
   */
  static String metal(String version, Arch arch, Compression initramfs) {
    TalosVersion of =
        TalosVersion.parse(version).orElse(initramfs == Compression.XZ ? LAST_WITH_XZ : NEWEST);
    List<String> arguments = new ArrayList<>(List.of("talos.platform=" + METAL));
    arguments.addAll(TalosArguments.platform(METAL, of, arch).orElseThrow());
    arguments.addAll(TalosArguments.defaults(of));
    return String.join(" ", arguments);
  }
}
