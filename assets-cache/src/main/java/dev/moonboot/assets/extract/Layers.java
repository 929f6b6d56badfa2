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
   * A layer in a file, which may still be coming.
   *
   * @param diffId SHA-256 of the unpacked tar, to be checked while reading; null when the image
   *     does not say
   * @param arrival how much of the file is there; whole means checked against {@code digest}
   */
  record Layer(
      String mediaType, Digest digest, @Nullable Digest diffId, Path file, Arrival arrival) {
    /** A layer that is there. */
    public Layer(String mediaType, Digest digest, @Nullable Digest diffId, Path file) {
      this(mediaType, digest, diffId, file, Arrival.WHOLE);
    }
  }

  /** How much of a layer's file is there. */
  @FunctionalInterface
  interface Arrival {
    /** All of it. */
    Arrival WHOLE = _ -> true;

    /**
     * Waits until there are more than {@code position} bytes, or all. Throws, unchecked, what the
     * layer could not be had for.
     *
     * @return whether the layer is whole and has the digest it should have
     */
    boolean await(long position);

    /** Waits until the layer is whole. */
    default void awaitWhole() {
      await(Long.MAX_VALUE);
    }
  }
}
