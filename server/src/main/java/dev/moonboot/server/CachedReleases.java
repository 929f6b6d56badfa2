package dev.moonboot.server;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.cache.AssetCache;
import dev.moonboot.release.ReleaseCache;
import java.util.List;
import java.util.Optional;

/** The cache on disk, as following asks it. */
record CachedReleases(AssetCache cache) implements ReleaseCache {
  @Override
  public Refresh refresh(Channel channel, Progress progress) {
    return cache.refresh(channel, progress);
  }

  @Override
  public Optional<Release> head(Channel channel) {
    return cache.head(channel);
  }

  @Override
  public List<Release> releases(Channel channel) {
    return cache.releases(channel);
  }
}
