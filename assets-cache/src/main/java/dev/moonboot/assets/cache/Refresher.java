package dev.moonboot.assets.cache;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Grounds;
import dev.moonboot.assets.Refresh.Rejected;
import dev.moonboot.assets.Refresh.Trouble;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.extract.ExtractException;
import dev.moonboot.assets.registry.Descriptor;
import dev.moonboot.assets.registry.PlatformImage;
import dev.moonboot.assets.registry.Platforms;
import dev.moonboot.assets.registry.Registry;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.assets.store.AssetStore;
import dev.moonboot.assets.store.Ingest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One look at a channel, as numbered checks; a failure at any of them changes nothing that is
 * served: resolve the tag; find the platforms by that digest; fetch their layers; extract; commit
 * the files; write the release's record; switch the channel's head.
 */
final class Refresher implements AutoCloseable {
  private final AssetStore store;
  private final ImageAccess access;
  private final Housekeeping housekeeping;
  private final Troubles troubles;
  private final Refusals refusals;
  private final KeyedLocks locks = new KeyedLocks();
  private final Set<Registry> open = ConcurrentHashMap.newKeySet();

  Refresher(AssetStore store, Troubles troubles, ImageAccess access, Housekeeping housekeeping) {
    this.store = store;
    this.troubles = troubles;
    this.access = access;
    this.housekeeping = housekeeping;
    this.refusals = new Refusals(housekeeping.limits().nanoTime());
  }

  Refresh refresh(Channel channel, Progress progress) {
    try (Registry registry = access.open(channel.image())) {
      open.add(registry);
      try {
        Refresh outcome = look(channel, registry, progress);
        housekeeping.sweep();
        return outcome;
      } finally {
        open.remove(registry);
      }
    } catch (RegistryException e) {
      return troubles.of(e);
    } catch (UncheckedIOException e) {
      return troubles.of(causeOf(e));
    } catch (IOException e) {
      return troubles.of(e);
    }
  }

  private static IOException causeOf(UncheckedIOException e) {
    IOException cause = e.getCause();
    return cause == null ? new IOException(e) : cause;
  }

  private Refresh look(Channel channel, Registry registry, Progress progress) throws IOException {
    ImageReference image = channel.image();
    progress.step("resolve", image.toString());
    Digest fixed = image.digest();
    Digest digest = fixed != null ? fixed : registry.resolve(image.tag());
    Optional<Refresh> held = takeHeld(channel, digest);
    if (held.isPresent()) {
      return held.get();
    }
    Refusals.Key key = new Refusals.Key(digest, channel.arches());
    Optional<Refresh> refused = refusals.current(key);
    if (refused.isPresent()) {
      return refused.get();
    }
    Refresh outcome = bring(channel, digest, registry, progress);
    if (outcome instanceof Rejected || isMismatch(outcome)) {
      refusals.add(key, outcome);
    } else {
      refusals.remove(key);
    }
    return outcome;
  }

  private static boolean isMismatch(Refresh outcome) {
    return outcome instanceof Failed(var trouble, var _, var _)
        && trouble == Trouble.DIGEST_MISMATCH;
  }

  /** The outcome where the image's release is here already, for this channel or another. */
  private Optional<Refresh> takeHeld(Channel channel, Digest digest) throws IOException {
    Optional<Release> held =
        store
            .release(digest)
            .filter(release -> release.builds().keySet().containsAll(channel.arches()));
    if (held.isEmpty()) {
      return Optional.empty();
    }
    if (store.isHead(channel.name(), digest)) {
      return Optional.of(new Unchanged(held.get()));
    }
    Optional<Digest> previous = head(channel);
    store.advance(channel.name(), digest);
    return Optional.of(
        previous.equals(Optional.of(digest))
            ? new Unchanged(held.get())
            : new Updated(held.get(), previous.orElse(null), 0));
  }

  private Optional<Digest> head(Channel channel) {
    return store.releases(channel.name()).stream().findFirst().map(Release::digest);
  }

  private Refresh bring(Channel channel, Digest digest, Registry registry, Progress progress)
      throws IOException {
    Map<Arch, PlatformImage> platforms = new EnumMap<>(Arch.class);
    try {
      for (Arch arch : channel.arches()) {
        platforms.put(arch, Platforms.select(registry, digest, arch));
      }
    } catch (RegistryException e) {
      return e.reason() == Reason.NO_PLATFORM || e.reason() == Reason.UNSUPPORTED
          ? new Rejected(digest, Grounds.CONTENT, channel.image() + ": " + Troubles.text(e))
          : troubles.of(e);
    }
    // Whoever else wants this image, or another made of the same layers, waits and then finds it.
    try (KeyedLocks.Held _ = locks.lock(keys(digest, platforms))) {
      Optional<Refresh> meanwhile = takeHeld(channel, digest);
      return meanwhile.isPresent()
          ? meanwhile.get()
          : pull(new ReleasePull(channel, digest, platforms, registry, progress));
    }
  }

  private static List<String> keys(Digest digest, Map<Arch, PlatformImage> platforms) {
    Stream<String> layers =
        platforms.entrySet().stream()
            .map(entry ->
                entry.getKey().id()
                    + entry.getValue().layers().stream().map(Descriptor::digest).toList());
    return Stream.concat(Stream.of(digest.toString()), layers).collect(Collectors.toList());
  }

  private Refresh pull(ReleasePull pull) throws IOException {
    Optional<Digest> previous = head(pull.channel());
    try (Ingest ingest = store.ingest(pull.digest())) {
      try {
        Release release = pull.into(ingest, access.extraction(), housekeeping::needRoom);
        return new Updated(release, previous.orElse(null), pull.downloaded());
      } catch (ExtractException e) {
        ingest.discard();
        return new Rejected(
            pull.digest(), Grounds.CONTENT, pull.channel().image() + ": " + Troubles.text(e));
      } catch (RegistryException e) {
        if (e.reason() == Reason.LOCAL_IO) {
          ingest.discard();
        }
        return troubles.ofBlob(e);
      } catch (IOException | UncheckedIOException e) {
        // Nothing that was written is trusted after a fault of the disk.
        ingest.discard();
        throw e;
      }
    }
  }

  /** Cuts the connections of what runs, which then fails soon. */
  @Override
  public void close() {
    open.forEach(Registry::close);
  }
}
