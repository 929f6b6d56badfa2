package dev.moonboot.release;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Fetched;
import dev.moonboot.assets.HeadGate;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.Remade;
import java.util.List;
import java.util.Optional;

/** What following and pinning ask of the cache of releases on disk. */
public interface ReleaseCache {
  /**
   * Looks once whether the channel moved and, if so, brings its release here; may take long.
   *
   * @param gate asked before the head moves
   */
  Refresh refresh(Channel channel, Progress progress, HeadGate gate);

  /** What the channel named when it was last looked at; read from disk, never from the network. */
  Optional<Release> head(Channel channel);

  /** All releases of the channel that are on disk, newest first. */
  List<Release> releases(Channel channel);

  /** All releases that are on disk, in no order. */
  List<Release> all();

  /**
   * The release of that digest, if it is on disk. It stays there until it can be known that
   * somebody needs it.
   */
  default Optional<Release> release(Digest digest) {
    return all().stream().filter(release -> release.digest().equals(digest)).findFirst();
  }

  /** Brings a release here, from the channel's repository; no head moves; may take long. */
  Fetched fetch(Channel channel, Digest digest, Progress progress);

  /** As {@link #fetch(Channel, Digest, Progress)}, what that tag names now. */
  Fetched fetch(Channel channel, String tag, Progress progress);

  /** Why the release may not be served any more; empty when it may. */
  Optional<String> revoked(Digest release);

  /** Why the policy would not let it in today, though it may be served; empty when it would. */
  Optional<String> flagged(Digest release);

  /** Whether the release was composed again, and has other bytes since. */
  default Optional<Remade> remade(Digest release) {
    return Optional.empty();
  }

  /**
   * Lets the channel's tag go back to that digest.
   *
   * @throws java.io.UncheckedIOException when that cannot be written down
   */
  void accept(Channel channel, Digest digest);
}
