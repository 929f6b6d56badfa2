package dev.moonboot.assets.build;

import java.io.IOException;
import java.util.Collection;

/**
 * Makes one more of what a recipe asks for, out of kernel, initramfs and command line, which are
 * there for all architectures. Makers come one after the other, so that each finds what those
 * before it made.
 */
@FunctionalInterface
interface OutputMaker {
  /**
   * Adds its files to each of the pieces, or nothing where the recipe does not ask for them.
   *
   * @param pieces one for each architecture, sorted
   */
  void make(Collection<Workpiece> pieces, InputImages images) throws IOException;
}
