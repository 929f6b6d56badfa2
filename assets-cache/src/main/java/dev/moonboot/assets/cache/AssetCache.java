package dev.moonboot.assets.cache;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.Release;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Releases of the followed channels, on disk, and how they come there. */
public final class AssetCache implements AutoCloseable {
  private AssetCache() {}

  /**
   * Opens the cache in a directory, which is made when it is missing. Needs no network; what was
   * held is there at once.
   *
   * @param keep how many releases a channel keeps besides its head; at least 0
   * @throws CacheException when another process has it, or it cannot be read
   */
  public static AssetCache open(Path root, RegistrySettings settings, int keep) {
    return NotBuilt.yet();
  }

  /**
   * Reads an image reference as a person writes it: {@code registry/repo:tag}, {@code repo@digest},
   * {@code oci:DIR[:TAG]}, {@code oci-archive:FILE[:TAG]}.
   *
   * @throws IllegalArgumentException with a message for people when it is none
   */
  public static ImageReference parse(String text) {
    return NotBuilt.yet();
  }

  /**
   * Looks whether the channel's tag moved, and if so brings the new release here and makes it the
   * head. Whoever asks for the same channel meanwhile waits for the same outcome.
   */
  public Refresh refresh(Channel channel, Progress progress) {
    return NotBuilt.yet();
  }

  /** The release that the channel names now; empty when none was brought here yet. */
  public Optional<Release> head(Channel channel) {
    return NotBuilt.yet();
  }

  /** The release of that image digest, if it is held. */
  public Optional<Release> release(Digest digest) {
    return NotBuilt.yet();
  }

  /** What is held of a channel, newest first: its head, then what was its head before. */
  public List<Release> releases(Channel channel) {
    return NotBuilt.yet();
  }

  /** Ends what runs and gives the directory free. */
  @Override
  public void close() {}
}
