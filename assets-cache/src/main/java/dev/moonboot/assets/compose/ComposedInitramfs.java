package dev.moonboot.assets.compose;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.extension.ExtensionManifest;
import dev.moonboot.assets.extract.BootFiles.Found;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A composed initramfs, checked by {@link InitramfsCheck}.
 *
 * @param whole everything in one file; null where it was not wanted
 * @param base what the base has, without its extensions; null where parts were not wanted
 * @param extensions early microcode and extensions, for an {@code initrd} line before the base's;
 *     null where parts were not wanted, or there is nothing in it
 * @param layers what a node will report, in order, the last on top
 * @param report what was found and done, for people: one line each
 */
public record ComposedInitramfs(
    @Nullable Found whole,
    @Nullable Found base,
    @Nullable Found extensions,
    List<Layer> layers,
    List<String> report) {
  public ComposedInitramfs {
    layers = List.copyOf(layers);
    report = List.copyOf(report);
  }

  /**
   * One layer.
   *
   * @param image its file in the initramfs: {@code 000-frr.sqsh}
   * @param size of that file in bytes
   * @param digest of that file
   */
  public record Layer(
      String image, ExtensionManifest manifest, Origin origin, long size, Digest digest) {}

  /** Where a layer is from. */
  public enum Origin {
    /** The base had it. */
    KEPT,
    /** It was ordered. */
    ADDED,
    /** The composer made it: the marker, the index of kernel modules. */
    MADE
  }
}
