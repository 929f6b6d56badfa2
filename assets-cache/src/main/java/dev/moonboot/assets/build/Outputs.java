package dev.moonboot.assets.build;

import java.util.List;

/** All that can be made beside kernel, initramfs and command line. */
final class Outputs {
  /** In the order in which they are made. */
  static final List<OutputMaker> MAKERS =
      List.of(new UnifiedMaker(), new InstallerMaker(), new IsoMaker(), new TextsMaker());

  private Outputs() {}
}
