package dev.moonboot.assets.extension;

import dev.moonboot.assets.TalosVersion;

/** Where Talos has what it has, by version: from 1.10 {@code lib} and others are links to usr. */
public final class UsrMerge {
  private UsrMerge() {}

  /** Whether {@code lib}, {@code lib64}, {@code bin} and {@code sbin} are links in that version. */
  public static boolean isIn(TalosVersion talos) {
    return talos.isAtLeast(10);
  }

  /** The directory of firmware, below the root. */
  public static String firmware(TalosVersion talos) {
    return isIn(talos) ? "usr/lib/firmware" : "lib/firmware";
  }

  /** The directory with one directory for each kernel release, below the root. */
  public static String modules(TalosVersion talos) {
    return isIn(talos) ? "usr/lib/modules" : "lib/modules";
  }
}
