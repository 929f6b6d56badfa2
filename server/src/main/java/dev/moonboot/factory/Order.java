package dev.moonboot.factory;

import static java.util.stream.Collectors.joining;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Composition.Output;
import java.util.List;

/**
 * What is composed in one piece of work.
 *
 * @param schematic its id
 * @param version of Talos: {@code v1.13.9}
 * @param arches more than one where one file tells of all of them
 * @param output what is made besides kernel, initramfs and command line
 */
record Order(String schematic, String version, List<Arch> arches, String platform, Output output) {
  private static final String AND = "+";

  Order {
    arches = List.copyOf(arches);
  }

  /** {@code 3765…/v1.13.9/amd64/metal/initramfs}, {@code …/amd64+arm64/metal/installer}. */
  String key() {
    return String.join("/", schematic, version, ids(), platform, output.id());
  }

  private String ids() {
    return arches.stream().map(Arch::id).collect(joining(AND));
  }

  /** Whether what was made under that key has the same kernels and initramfs. */
  boolean isAlike(String key) {
    List<String> parts = List.of(key.split("/", -1));
    return parts.size() == 5
        && parts.get(0).equals(schematic)
        && parts.get(1).equals(version)
        && List.of(parts.get(2).split("\\" + AND, -1))
            .containsAll(arches.stream().map(Arch::id).toList());
  }

  /** The schematic in a key. */
  static String schematic(String key) {
    return part(key, 0);
  }

  /** The version in a key. */
  static String version(String key) {
    return part(key, 1);
  }

  private static String part(String key, int index) {
    List<String> parts = List.of(key.split("/", -1));
    return index < parts.size() ? parts.get(index) : "";
  }

  /** How the keys begin of all versions of something, and how they end. */
  static boolean isOf(String key, String schematic, String platform, Output output) {
    return key.startsWith(schematic + "/") && key.endsWith("/" + platform + "/" + output.id());
  }
}
