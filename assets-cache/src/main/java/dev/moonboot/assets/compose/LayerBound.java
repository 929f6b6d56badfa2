package dev.moonboot.assets.compose;

import dev.moonboot.assets.TalosVersion;

/**
 * How many layers a node mounts over its root file system. Up to Talos 1.11 all of them stand in
 * one option of a mount, by the names that {@code init} gives them ({@code
 * lowerdir=/layers/layer1:/layers/layer0:/layers/root}), and the kernel takes a page of options
 * with a NUL at its end (mount(2)). Since 1.12 each is told apart, and the kernel's own bound
 * counts ({@code fs/overlayfs}: {@code OVL_MAX_STACK}).
 */
final class LayerBound {
  private static final int OPTIONS = 4095;
  private static final int STACK = 500;

  private LayerBound() {}

  /** The most layers besides the root file system. */
  static int most(TalosVersion version) {
    if (version.isAtLeast(12)) {
      return STACK - 1;
    }
    int layers = 0;
    int length = "lowerdir=/layers/root".length();
    while (length + "/layers/layer:".length() + Integer.toString(layers).length() <= OPTIONS) {
      length += "/layers/layer:".length() + Integer.toString(layers).length();
      layers++;
    }
    return layers;
  }

  /**
   * Checks how many there are.
   *
   * @param kept how many of them the base had
   * @throws ComposeException when a node would not mount them all
   */
  static void require(int layers, long kept, TalosVersion version) {
    if (layers > most(version)) {
      throw new ComposeException(
          ("%d layers are too many, %d of them kept from the base: a node with Talos %s mounts at"
                  + " most %d; leave extensions out, replace those of the base (existing: replace),"
                  + " or put several into one image")
              .formatted(layers, kept, version, most(version)));
    }
  }
}
