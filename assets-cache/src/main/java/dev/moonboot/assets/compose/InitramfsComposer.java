package dev.moonboot.assets.compose;

import java.nio.file.Path;

/**
 * Puts extensions into an initramfs, as Talos's imager does ({@code pkg/imager/extensions}), but
 * with equal bytes for equal orders, and looks at the result as a node would before it gives it
 * out.
 */
public final class InitramfsComposer {
  private InitramfsComposer() {}

  /**
   * Makes what is ordered.
   *
   * @param scratch an empty folder on a disk with room for twice the result; the results lie in it,
   *     and nothing else when this returns
   * @throws ComposeException when base or extensions will not do, or the result would not boot
   */
  public static ComposedInitramfs compose(InitramfsOrder order, Path scratch) {
    throw new UnsupportedOperationException("is being built " + order + scratch);
  }
}
