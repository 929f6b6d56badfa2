package dev.moonboot.assets.cache;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Proof;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.Refresh.Caution;
import dev.moonboot.assets.Refresh.Held;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.store.AssetStore;
import dev.moonboot.assets.store.Heads;
import dev.moonboot.assets.verify.AdmissionPolicy.RollbackRule;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What makes a channel wait for a person, because it would go back: what it names was replaced
 * before, is of an older version than its head, or was signed earlier. Where the policy holds
 * nothing back, nothing does.
 */
final class Rollbacks {
  private final AssetStore store;
  private final Heads heads;
  private final Standings standings;

  Rollbacks(AssetStore store, Standings standings) {
    this.store = store;
    this.heads = store.heads();
    this.standings = standings;
  }

  /** The newest release of the channel that may be served. */
  Optional<Release> head(Channel channel) {
    return store.releases(channel.name()).stream()
        .filter(release -> release.content() == channel.content())
        .filter(standings::isTrusted)
        .findFirst();
  }

  /** To what was replaced before. */
  Optional<Held> ofTag(Channel channel, Digest digest) {
    boolean back =
        standings.policy().rollback().hold()
            && !channel.isFixed() // else a person wrote it down
            && heads.isSuperseded(channel, digest)
            && !isServed(channel, digest)
            && !heads.isAccepted(channel, digest);
    return back
        ? held(
            digest,
            "%s went back to %s, which was replaced before".formatted(channel.image(), digest))
        : Optional.empty();
  }

  /** Where what came after it is not trusted any more, nodes get it already. */
  private boolean isServed(Channel channel, Digest digest) {
    return head(channel).map(Release::digest).equals(Optional.of(digest));
  }

  /**
   * To an older version of the line that is followed. The newer one may have been withdrawn, or be
   * missing by mistake: that only a person can tell.
   *
   * @param chosen null where no line is followed
   */
  Optional<Held> ofVersion(Channel channel, Digest digest, Origin.@Nullable Chosen chosen) {
    if (chosen == null
        || !standings.policy().rollback().hold()
        || heads.isHead(channel, digest)
        || heads.isAccepted(channel, digest)) {
      return Optional.empty();
    }
    return headVersion(channel)
        .filter(chosen.line()::contains)
        .filter(head -> head.compareTo(chosen.version()) > 0)
        .flatMap(head ->
            held(
                digest,
                "%s has %s as its newest version now, and the head is %s; that makes %s"
                    .formatted(chosen.name(), chosen.version(), head, digest)));
  }

  /** Of the head, whether it is held or not, as far as that is known. */
  private Optional<TalosVersion> headVersion(Channel channel) {
    Optional<Release> head = head(channel);
    return head.map(Release::digest)
        .or(() -> heads.head(channel))
        .flatMap(digest -> Composing.recipe(store, digest))
        .map(Recipe::version)
        .or(() -> head.map(Release::version))
        .flatMap(TalosVersion::parse);
  }

  /** To what was signed before the head was. */
  Optional<Held> ofSignature(Channel channel, Digest digest, Admission admission) {
    RollbackRule rule = standings.policy().rollback();
    Optional<Release> head = head(channel);
    if (!rule.hold()
        || head.isEmpty()
        || head.get().digest().equals(digest)
        || !heads.isOfImage(channel)
        || channel.isFixed()
        || heads.isAccepted(channel, digest)) {
      return Optional.empty();
    }
    Map<String, Instant> theirs = signedAt(channel, head.get().admission());
    Map<String, Instant> its = signedAt(channel, admission);
    for (var signed : its.entrySet()) {
      Instant before = theirs.get(signed.getKey());
      if (before != null && signed.getValue().isBefore(before.minus(rule.slack()))) {
        return held(
            digest,
            "%s went to %s, which was signed %s, before the head (%s)"
                .formatted(signed.getKey(), digest, signed.getValue(), before));
      }
    }
    return Optional.empty();
  }

  /** When each image was signed that is in it, as far as the signatures say. */
  private static Map<String, Instant> signedAt(Channel channel, Admission admission) {
    Map<String, Instant> signed = new LinkedHashMap<>();
    put(signed, channel.image().toString(), admission);
    admission.inputs().forEach(input -> put(signed, input.source(), input.admission()));
    return signed;
  }

  private static void put(Map<String, Instant> signed, String image, Admission admission) {
    Proof proof = admission.proof();
    Instant at = proof == null ? null : proof.signedAt();
    if (at != null) {
      signed.put(image, at);
    }
  }

  private static Optional<Held> held(Digest digest, String why) {
    return Optional.of(
        new Held(digest, Caution.ROLLBACK, why + ": accept it, or pin it, if that is meant"));
  }
}
