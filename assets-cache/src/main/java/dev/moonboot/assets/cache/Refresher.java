package dev.moonboot.assets.cache;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.HeadGate;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Grounds;
import dev.moonboot.assets.Refresh.Held;
import dev.moonboot.assets.Refresh.Rejected;
import dev.moonboot.assets.Refresh.Trouble;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.cache.Brought.Here;
import dev.moonboot.assets.cache.Brought.Not;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.store.AssetStore;
import dev.moonboot.assets.store.Heads;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One look at a channel, as numbered checks; a failure at any of them changes nothing that is
 * served:
 *
 * <ol>
 *   <li>resolve the tag to a digest; everything after goes by that digest, and whatever is read of
 *       the registry is read within limits;
 *   <li>is it one that was replaced before, or of an older version than the head, where versions
 *       are followed? then a person must say so first;
 *   <li>does the policy let it in? a signature that is older than that of the head counts as going
 *       back too;
 *   <li>bring its release here, see {@link Bringing};
 *   <li>ask whoever wants to be asked before a head moves;
 *   <li>switch the channel's head.
 * </ol>
 */
final class Refresher {
  private final AssetStore store;
  private final Heads heads;
  private final Standings standings;
  private final Bringing bringing;
  private final Troubles troubles;
  private final Rollbacks rollbacks;

  Refresher(AssetStore store, Standings standings, Bringing bringing, Troubles troubles) {
    this.store = store;
    this.heads = store.heads();
    this.standings = standings;
    this.bringing = bringing;
    this.troubles = troubles;
    this.rollbacks = new Rollbacks(store, standings);
  }

  /** What is looked at, and with whom. */
  record Look(Channel channel, Origin origin, HeadGate gate, Progress progress) {
    WantedImage wanted(Digest digest) {
      return new WantedImage(
          channel.image(), digest, channel.arches(), channel.content(), origin, progress);
    }
  }

  Refresh look(Look look) throws IOException {
    Refresh outcome = follow(look);
    Optional<Digest> head = heads.head(look.channel());
    boolean isLost = head.isPresent() && store.release(head.get()).isEmpty();
    return isLost && isNoFaultOfOurs(outcome) ? restore(look, head.get(), outcome) : outcome;
  }

  private Refresh follow(Look look) throws IOException {
    try {
      return switch (resolve(look)) {
        case Origin.Named.At(var digest, var chosen) -> follow(look, digest, chosen);
        case Origin.Named.Not(var outcome) -> outcome;
      };
    } catch (RegistryException e) {
      return troubles.of(e);
    }
  }

  private Refresh follow(Look look, Digest digest, Origin.@Nullable Chosen chosen)
      throws IOException {
    Channel channel = look.channel();
    Optional<Held> back =
        rollbacks.ofVersion(channel, digest, chosen).or(() -> rollbacks.ofTag(channel, digest));
    if (back.isPresent()) {
      return back.get();
    }
    try (AssetStore.Lease _ = store.lease(digest)) {
      return switch (bringing.bring(
          look.wanted(digest), admission -> rollbacks.ofSignature(channel, digest, admission))) {
        case Here(var release, var downloaded) -> advance(look, release, downloaded);
        case Not(var outcome) -> stillServed(channel, digest, outcome);
      };
    }
  }

  private static Origin.Named resolve(Look look) {
    ImageReference image = look.channel().image();
    look.progress().step("resolve", image.toString());
    Digest fixed = image.digest();
    return fixed != null
        ? new Origin.Named.At(fixed)
        : look.origin().resolve(image, look.channel().arches(), look.progress());
  }

  private Refresh advance(Look look, Release release, long downloaded) throws IOException {
    Channel channel = look.channel();
    Optional<Digest> previous = rollbacks.head(channel).map(Release::digest);
    Optional<Digest> its = Optional.of(release.digest());
    if (!its.equals(heads.head(channel))) {
      Optional<String> why =
          its.equals(previous)
              ? Optional.empty() // nodes get it already
              : look.gate().whyNot(release, previous.orElse(null));
      if (why.isPresent()) {
        return new Failed(Trouble.READ_ONLY, why.get(), null);
      }
      heads.advance(channel, release.digest());
    }
    return its.equals(previous) && downloaded == 0
        ? new Unchanged(release)
        : new Updated(release, previous.orElse(null), downloaded);
  }

  /**
   * The head stays what it is though it would not be let in today, unless it is revoked. That it
   * would not be made today is told, and leaves it serving as well.
   */
  private Refresh stillServed(Channel channel, Digest digest, Refresh outcome) {
    Optional<Release> head =
        store
            .release(digest)
            .filter(release -> heads.isHead(channel, digest))
            .filter(release -> release.content() == channel.content())
            .filter(release -> release.builds().keySet().containsAll(channel.arches()))
            .filter(standings::isTrusted);
    boolean byPolicy =
        outcome instanceof Held
            || (outcome instanceof Rejected(var _, var grounds, var _)
                && grounds == Grounds.SIGNATURE);
    return head.isPresent() && byPolicy ? new Unchanged(head.get()) : outcome;
  }

  /** Whether the registry answers, so that something may be fetched all the same. */
  private static boolean isNoFaultOfOurs(Refresh outcome) {
    return switch (outcome) {
      case Rejected _, Held _ -> true;
      case Failed(var trouble, var _, var _) ->
          trouble == Trouble.TAG_MISSING
              || trouble == Trouble.BAD_ANSWER
              || trouble == Trouble.DIGEST_MISMATCH;
      case Unchanged _, Updated _ -> false;
    };
  }

  /** The cache is lost and the state is not: the head comes back by its digest. */
  private Refresh restore(Look look, Digest head, Refresh otherwise) throws IOException {
    try (AssetStore.Lease _ = store.lease(head)) {
      return switch (bringing.bring(look.wanted(head), _ -> Optional.empty())) {
        case Here(var release, var downloaded) -> advance(look, release, downloaded);
        case Not _ -> otherwise;
      };
    }
  }
}
