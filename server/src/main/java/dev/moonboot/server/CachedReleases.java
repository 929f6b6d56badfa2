package dev.moonboot.server;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Fetched;
import dev.moonboot.assets.HeadGate;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.Remade;
import dev.moonboot.assets.cache.AssetCache;
import dev.moonboot.assets.cache.CacheException;
import dev.moonboot.assets.verify.Standing;
import dev.moonboot.release.ReleaseCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** The cache on disk, as following and pinning ask it. */
record CachedReleases(AssetCache cache) implements ReleaseCache {
  @Override
  public Refresh refresh(Channel channel, Progress progress, HeadGate gate) {
    return cache.refresh(channel, progress, gate);
  }

  @Override
  public Optional<Release> head(Channel channel) {
    return cache.head(channel);
  }

  @Override
  public List<Release> releases(Channel channel) {
    return cache.releases(channel);
  }

  @Override
  public List<Release> all() {
    return cache.all().stream().filter(r -> cache.revoked(r.digest()).isEmpty()).toList();
  }

  @Override
  public Optional<Release> release(Digest digest) {
    return cache.take(digest);
  }

  @Override
  public Fetched fetch(Channel channel, Digest digest, Progress progress) {
    return cache.fetch(channel, digest, progress);
  }

  @Override
  public Fetched fetch(Channel channel, String tag, Progress progress) {
    return cache.fetch(channel, tag, progress);
  }

  @Override
  public Optional<String> revoked(Digest release) {
    return cache.revoked(release);
  }

  @Override
  public Optional<String> flagged(Digest release) {
    return cache
        .standing(release)
        .map(standing -> standing instanceof Standing.Flagged(var why) ? why : null);
  }

  @Override
  public Optional<Remade> remade(Digest release) {
    return cache.remade(release);
  }

  @Override
  public void accept(Channel channel, Digest digest) {
    try {
      cache.accept(channel, digest);
    } catch (CacheException e) {
      throw new UncheckedIOException(new IOException(e.getMessage(), e));
    }
  }
}
