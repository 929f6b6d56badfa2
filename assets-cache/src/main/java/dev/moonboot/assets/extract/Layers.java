package dev.moonboot.assets.extract;

import dev.moonboot.assets.Digest;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The layers of one platform image. Fetching one may be a download, so only needed ones are. */
public interface Layers {
  /** How many there are. */
  int count();

  /**
   * Makes a layer available.
   *
   * @param index 0 is the base
   */
  Layer fetch(int index);

  /**
   * A layer on disk, its compressed bytes already checked against {@code digest}.
   *
   * @param diffId SHA-256 of the unpacked tar, to be checked while reading; null when the image
   *     does not say
   */
  record Layer(String mediaType, Digest digest, @Nullable Digest diffId, Path file) {}
}
