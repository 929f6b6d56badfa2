package dev.moonboot.assets.store;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.util.stream.Collectors.toSet;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.files.Disk;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a store has now, of which nothing changes but here: one change at a time, on disk first.
 * Readers take no lock, and see it as it was at one moment.
 */
final class StoreContents {
  private static final Logger LOG = System.getLogger(StoreContents.class.getName());

  private final StoreLayout layout;
  private final UnaryOperator<Release> complete;
  private final Object monitor = new Object(); // guards writes, sweeps and the claims
  private final Claims claims = new Claims(monitor);
  private final DamageNews news = new DamageNews(() -> doubts().releases().keySet());

  private volatile Holdings holdings;
  private volatile Doubts doubts;

  /**
   * @param reader that is asked for all there is
   * @param complete asked of every release that comes to be served again
   */
  StoreContents(StoreLayout layout, StoreReader reader, UnaryOperator<Release> complete)
      throws IOException {
    this.layout = layout;
    this.complete = complete;
    this.holdings = reader.read();
    this.doubts = reader.doubts();
  }

  /** Whoever has it sees nothing change. */
  Object monitor() {
    return monitor;
  }

  Claims claims() {
    return claims;
  }

  DamageNews news() {
    return news;
  }

  Holdings holdings() {
    return holdings;
  }

  Doubts doubts() {
    return doubts;
  }

  /** The release of that image digest, if it can be served. */
  Optional<Release> release(Digest digest) {
    return Optional.ofNullable(holdings.releases().get(digest));
  }

  /** Makes the next state of a channel out of that of now, or refuses to. */
  interface Change {
    ChannelRecord of(ChannelRecord now) throws StoreException;
  }

  /** Changes what is kept of a channel; on disk first. */
  void change(String channel, Change change) throws IOException {
    synchronized (monitor) {
      ChannelRecord next = change.of(holdings.channel(channel));
      next.write(layout);
      holdings = holdings.with(next);
    }
  }

  /** Takes up what is on disk already, or cannot be. */
  void learn(Collection<ChannelRecord> channels) {
    synchronized (monitor) {
      for (ChannelRecord channel : channels) {
        holdings = holdings.with(channel);
      }
    }
  }

  /** As {@link AssetStore#admit}. */
  Release admit(Digest digest, Admission admission) throws IOException {
    synchronized (monitor) {
      Release now = Optional.ofNullable(holdings.releases().get(digest)).orElseThrow();
      return record(new Release(digest, now.source(), now.builds(), now.created(), admission));
    }
  }

  /** Keeps a release; a build that is held already under that digest stays, unless given anew. */
  Release record(Release release) throws IOException {
    Release merged;
    boolean wasDamaged;
    synchronized (monitor) {
      if (doubts.concerns(release)) { // a blob that was known has been found damaged meanwhile
        throw new StoreException(
            StoreException.Reason.DAMAGED, "a file of " + release.digest() + " has been damaged");
      }
      merged = merge(release);
      ReleaseRecord.write(layout, merged);
      wasDamaged = doubts.releases().containsKey(merged.digest());
      holdings = holdings.with(merged);
      doubts = doubts.without(Set.of(merged.digest()));
    }
    if (wasDamaged) { // it has other blobs now: the damaged ones will never be found right
      news.tell(Set.of());
    }
    return merged;
  }

  private Release merge(Release release) {
    Release before = holdings.releases().get(release.digest());
    if (before == null) {
      return release; // or one that is damaged, of which nothing is to stay
    }
    Map<Arch, Build> builds = new EnumMap<>(before.builds());
    builds.putAll(release.builds());
    return new Release(
        release.digest(), release.source(), builds, release.created(), release.admission());
  }

  /** Also one that is damaged. */
  Optional<Release> recorded(Digest digest) {
    return release(digest).or(() -> Optional.ofNullable(doubts.releases().get(digest)));
  }

  /** All there is a record of, damaged or not. */
  List<Release> recorded() {
    return Stream.concat(holdings.releases().values().stream(), doubts.releases().values().stream())
        .sorted(Comparator.comparing(release -> release.digest().hex()))
        .toList();
  }

  /** For whoever has the monitor: their records are about to be deleted. */
  void forget(Set<Digest> releases) {
    holdings = holdings.without(releases::contains);
    doubts = doubts.without(releases);
  }

  /** For whoever has the monitor: its record is still there. */
  void keep(Release release) {
    if (doubts.concerns(release)) {
      doubts = doubts.with(release);
    } else {
      holdings = holdings.with(release);
    }
  }

  /** All releases that can be served. */
  Collection<Release> usable() {
    return holdings.releases().values();
  }

  // What is damaged.

  /** Releases that cannot be served because a blob of theirs is damaged. */
  List<Release> damaged() {
    Doubts now = doubts;
    return now.releases().values().stream()
        .filter(release -> !now.isOnlyUnchecked(release.digest()))
        .toList();
  }

  /** The blob was hashed and is right; releases that waited for that can be served. */
  void right(Digest blob) {
    boolean changed;
    synchronized (monitor) {
      Doubts before = doubts;
      if (!before.unchecked().contains(blob) && !before.damaged().contains(blob)) {
        return;
      }
      Doubts after = before.right(blob);
      List<Release> whole =
          after.releases().values().stream().filter(r -> !after.concerns(r)).map(complete).toList();
      doubts = after.without(whole.stream().map(Release::digest).collect(toSet()));
      whole.forEach(release -> holdings = holdings.with(release));
      changed = !whole.isEmpty();
    }
    if (changed) {
      news.tell(Set.of());
    }
  }

  /**
   * Serves a damaged blob no more, nor any release that has it, and puts it aside.
   *
   * <p>Nothing is done where another file lies there by now, or no release has the blob.
   *
   * @param identity of the file that was looked at; null when there was none
   */
  void quarantine(Digest blob, @Nullable Object identity, String why) {
    synchronized (monitor) {
      if (!Objects.equals(identity, Quarantine.identity(layout.blob(blob)))
          || recorded().stream().flatMap(Holdings::blobsOf).noneMatch(blob::equals)) {
        return;
      }
      Quarantine.take(layout, blob);
      Doubts after = doubts.damaged(blob);
      for (Release release : usable()) {
        after = after.concerns(release) ? after.with(release) : after;
      }
      doubts = after;
      holdings = holdings.without(after.releases()::containsKey);
    }
    LOG.log(Level.ERROR, "cache blob=" + blob + " state=damaged why=\"" + why + "\"");
    news.tell(Set.of(layout.blob(blob)));
  }

  // What work under way asks for.

  /** As {@link Ingest#known}; {@code holder} remembers what is kept for it. */
  Optional<Build> hold(Content content, Arch arch, List<Digest> layers, List<Digest> holder) {
    synchronized (monitor) {
      Optional<Build> build = holdings.buildOf(content, arch, layers);
      build.ifPresent(
          found -> found.assets().values().forEach(asset -> claims.hold(asset.digest(), holder)));
      return build;
    }
  }

  /** Moves a file under the name of a blob, in place of what is there. */
  void place(Path file, Digest blob) throws IOException {
    synchronized (monitor) { // so that nobody takes it for the damaged one
      Files.move(file, layout.blob(blob), ATOMIC_MOVE);
    }
  }

  /** Deletes a blob that was placed in vain, unless it is served or other work needs it. */
  void displace(Digest blob, List<Digest> holder) {
    synchronized (monitor) {
      if (!holdings.blobs().contains(blob) && !claims.isHeldElsewhere(blob, holder)) {
        Disk.tryDelete(layout.blob(blob));
      }
    }
  }

  Asset asset(AssetName name, Arch arch, long size, Digest digest) {
    return new Asset(name, arch, layout.blob(digest), size, digest);
  }
}
