package dev.moonboot.firmware;

import dev.moonboot.assets.Asset;
import dev.moonboot.assets.Release;
import java.nio.file.Path;

/** What a name means to the one who asks. */
public sealed interface NodeFile {
  /**
   * A file that belongs to no release.
   *
   * @param type its media type
   */
  record OnDisk(Path file, String type) implements NodeFile {}

  /** A file of a release. */
  record OfRelease(Asset asset, Release release) implements NodeFile {}

  /**
   * A text made for the one who asks, in UTF-8.
   *
   * @param type its media type
   */
  record Text(String text, String type) implements NodeFile {}

  /** Something is meant, but its channel has no release yet. */
  record NotReady(String channel) implements NodeFile {}

  /**
   * The name is one of ours, and there is nothing to be had by it.
   *
   * @param why for the one who asks and the log; names no secret
   */
  record Absent(String why) implements NodeFile {}
}
