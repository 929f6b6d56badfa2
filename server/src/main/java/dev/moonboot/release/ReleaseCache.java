package dev.moonboot.release;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Release;
import java.util.List;
import java.util.Optional;

/** What following asks of the cache of releases on disk. */
public interface ReleaseCache {
  /** Looks once whether the channel moved and, if so, brings its release here; may take long. */
  Refresh refresh(Channel channel, Progress progress);

  /** What the channel named when it was last looked at; read from disk, never from the network. */
  Optional<Release> head(Channel channel);

  /** All releases of the channel that are on disk, newest first. */
  List<Release> releases(Channel channel);
}
