package dev.moonboot.assets.compose;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.extension.ExtensionManifest;
import dev.moonboot.assets.tree.FileTree;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an initramfs is to be composed of. Equal orders, but for the threads, give equal bytes.
 *
 * @param base an initramfs as Talos, Image Factory or this composer made it
 * @param extensions in this order, later ones on top
 * @param replace whether extensions that the base has already are left out, and not kept below
 * @param marker the last layer but for the modules' index; null for none
 * @param version of Talos in the base: says how things are packed and where they stand
 * @param whole whether one file with everything is wanted
 * @param parts whether base and extensions are wanted as two files
 * @param threads that may work at once, at least 1
 */
public record InitramfsOrder(
    Path base,
    List<Extension> extensions,
    boolean replace,
    @Nullable Marker marker,
    TalosVersion version,
    Arch arch,
    boolean whole,
    boolean parts,
    int threads) {
  public InitramfsOrder {
    extensions = List.copyOf(extensions);
    if (threads < 1) {
      throw new IllegalArgumentException("at least one thread must work, not " + threads);
    }
  }

  /**
   * One extension.
   *
   * @param name as a person called it, for messages
   * @param rootfs what its image has under {@code rootfs}
   */
  public record Extension(String name, ExtensionManifest manifest, FileTree rootfs) {}

  /**
   * The layer by which a node tells what it was made from: Image Factory's {@code schematic}, which
   * Omni and {@code talosctl get extensions} read.
   *
   * @param id lower-case hexadecimal digits
   * @param text the schematic itself
   * @param author {@code Image Factory (https://…)}, or whoever composed it
   */
  public record Marker(String id, String text, String author) {
    public Marker {
      if (!id.matches("[0-9a-f]{1,128}")) { // becomes the name of a file
        throw new IllegalArgumentException("no marker has the id \"" + id + "\"");
      }
    }
  }
}
