package dev.moonboot.factory;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Composition.Output;

/**
 * What is composed in one piece of work.
 *
 * @param schematic its id
 * @param version of Talos: {@code v1.13.9}
 * @param output what is made besides kernel, initramfs and command line
 */
public record Order(String schematic, String version, Arch arch, String platform, Output output) {
  /** {@code 3765…/v1.13.9/amd64/metal/initramfs}. */
  String key() {
    return alike() + platform + "/" + output.id();
  }

  /** How the keys begin of all that have the same kernel and initramfs. */
  String alike() {
    return String.join("/", schematic, version, arch.id()) + "/";
  }
}
