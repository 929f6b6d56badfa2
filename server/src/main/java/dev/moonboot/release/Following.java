package dev.moonboot.release;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Held;
import dev.moonboot.assets.Refresh.Rejected;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.Release;
import dev.moonboot.journal.Actor;
import dev.moonboot.journal.AuditEvent;
import dev.moonboot.metrics.Meters;
import dev.moonboot.release.FollowOutcome.Grounds;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows all channels, one virtual thread each, and puts what they bring in force in {@link
 * Releases}. A look that fails changes nothing of what is served.
 */
public final class Following implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Following.class.getName());
  private static final Duration STOP = Duration.ofSeconds(10);

  private final ReleaseCache cache;
  private final Releases releases;
  private final Pace pace;
  private final Changes changes;
  private final Meters meters;
  private final FollowListener listener;
  private final RefreshAudit audit;
  private final Map<String, ChannelFollower> followers = new LinkedHashMap<>();
  private volatile boolean closing;

  /**
   * Follows the channels of {@code releases}.
   *
   * @param changes what orders and records what moves a head
   * @param listener told of every look
   */
  public Following(
      ReleaseCache cache,
      Releases releases,
      Changes changes,
      FollowConfig config,
      Meters meters,
      FollowListener listener) {
    this(
        cache,
        releases,
        changes,
        new Pace(config.every(), () -> ThreadLocalRandom.current().nextDouble()),
        () -> new Freshness(config.staleAfter(), System::nanoTime),
        meters,
        listener);
  }

  Following(
      ReleaseCache cache,
      Releases releases,
      Changes changes,
      Pace pace,
      Supplier<Freshness> freshness,
      Meters meters,
      FollowListener listener) {
    this.cache = cache;
    this.releases = releases;
    this.pace = pace;
    this.changes = changes;
    this.meters = meters;
    this.listener = listener;
    this.audit = new RefreshAudit(changes);
    for (Channel channel : releases.channels()) {
      String name = channel.name();
      ChannelFollower follower =
          new ChannelFollower(
              channel,
              releases,
              new ChannelFollower.Ways(this::look, cache::remade),
              pace,
              freshness.get());
      followers.put(name, follower);
      meters.followAge(name, () -> follower.status().lastGood());
      meters.warning(name, () -> !follower.warning().isEmpty());
      for (ChannelStatus.Kind kind : ChannelStatus.Kind.values()) {
        meters.alarm(
            name,
            kind.name().toLowerCase(Locale.ROOT),
            () -> follower.status().alarms().stream().anyMatch(alarm -> alarm.kind() == kind));
      }
    }
  }

  /**
   * Puts what is on disk in force, without any network, and then begins to look at every channel at
   * once.
   */
  public void start() {
    try (var _ = changes.turn()) {
      releases.channels().forEach(this::loadFromDisk);
      releases.keep(cache::all);
    }
    followers.values().forEach(ChannelFollower::start);
  }

  /** Looks at once, and from now on that often. */
  public void every(Duration pause) {
    pace.every(pause);
    followers.values().forEach(ChannelFollower::lookSoon);
  }

  private void loadFromDisk(Channel channel) {
    Optional<Release> head = cache.head(channel);
    if (head.isPresent()) {
      try {
        advance(channel, head.get());
        LOG.log(
            Level.INFO,
            "cached channel={0} release={1} version={2}",
            channel.name(),
            head.get().digest(),
            head.get().version());
      } catch (UncheckedIOException e) {
        LOG.log(Level.ERROR, "cached channel=" + channel.name() + " cannot be read", e);
      }
    }
  }

  private Refresh look(Channel channel) {
    long start = System.nanoTime();
    Refresh outcome = lookInTurn(channel);
    if (!closing || outcome.release().isPresent()) { // what close interrupted is no news
      RefreshLog.write(channel, outcome, Duration.ofNanos(System.nanoTime() - start));
      meters.refresh(channel.name(), RefreshLog.result(outcome));
      audit.looked(channel, outcome);
    }
    listener.looked(channel, outcome);
    return outcome;
  }

  /** From the moment a head is allowed to move until it is in force nothing else changes. */
  private Refresh lookInTurn(Channel channel) {
    try (HeadMove move = new HeadMove(channel, changes)) {
      Refresh outcome = cache.refresh(channel, listener.looking(channel), move);
      move.ended(outcome);
      try (var _ = changes.turn()) {
        switch (outcome) {
          case Updated(var head, var _, var _) -> advance(channel, head);
          case Unchanged(var head) -> advanceIfNew(channel, head);
          case Rejected _, Held _, Failed _ -> {}
        }
        releases.channels().forEach(this::dropRevoked);
        releases.keep(cache::all); // the cache may have deleted old ones, of any channel
      }
      return outcome;
    }
  }

  /** Looks anew at what is on disk: what the policy says of it may have changed. */
  public void recheck() {
    try (var _ = changes.turn()) {
      releases.channels().forEach(this::dropRevoked);
      releases.keep(cache::all);
    }
  }

  /** A head that may not be served any more gives way to the newest release that may. */
  private void dropRevoked(Channel channel) {
    Optional<Release> head = releases.head(channel.name());
    Optional<String> why = head.flatMap(release -> cache.revoked(release.digest()));
    if (why.isPresent()) {
      List<Release> trusted = cache.releases(channel);
      Map<String, String> details = new LinkedHashMap<>();
      details.put("from", head.get().digest().toString());
      trusted.stream().findFirst().ifPresent(to -> details.put("to", to.digest().toString()));
      // Told, and done even where it cannot be: what is not trusted is not served.
      changes.tell(event("release.revoke", channel.name(), why.get(), Actor.SYSTEM, details));
      releases.advance(channel.name(), trusted);
      showHeads();
    }
  }

  /** The head on disk may be newer than ours: it could not be read at start, for one. */
  private void advanceIfNew(Channel channel, Release head) {
    Optional<Digest> ours = releases.head(channel.name()).map(Release::digest);
    if (!ours.equals(Optional.of(head.digest()))) {
      advance(channel, head);
    }
  }

  private void advance(Channel channel, Release head) {
    Map<Digest, Release> newestFirst = new LinkedHashMap<>();
    newestFirst.put(head.digest(), head);
    cache.releases(channel).forEach(release -> newestFirst.putIfAbsent(release.digest(), release));
    releases.advance(channel.name(), List.copyOf(newestFirst.values()));
    showHeads();
  }

  private synchronized void showHeads() {
    Map<String, String> heads = new LinkedHashMap<>();
    releases
        .channels()
        .forEach(channel ->
            releases
                .head(channel.name())
                .ifPresent(head -> heads.put(channel.name(), head.digest().toString())));
    meters.heads(heads);
  }

  /** How it stands with every channel, in the order they are configured. */
  public List<ChannelStatus> statuses() {
    return followers.values().stream().map(ChannelFollower::status).toList();
  }

  /**
   * Looks at a channel at once and waits for the outcome, which may take as long as a pull does;
   * empty when there is no such channel. Callers that wait together share one look.
   */
  public Optional<Refresh> refreshNow(String channel) {
    return Optional.ofNullable(followers.get(channel)).map(ChannelFollower::refreshNow);
  }

  /**
   * Keeps the channel's head until told otherwise: its tag is not looked at any more, and a look
   * under way does not move it.
   *
   * @param reason why, for people; at most {@value PinOrder#LONGEST_REASON} characters; may be
   *     empty
   */
  public FollowOutcome hold(String channel, String reason, Actor actor) {
    ChannelFollower follower = followers.get(channel);
    if (follower == null) {
      return unknown(channel);
    }
    if (reason.length() > PinOrder.LONGEST_REASON) {
      return new FollowOutcome.Refused(
          Grounds.INVALID, "the reason is longer than " + PinOrder.LONGEST_REASON + " characters");
    }
    try (var _ = changes.turn()) {
      Hold hold = new Hold(channel, reason, actor, Instant.now());
      changes.decide(
          event("channel.hold", channel, reason, actor, Map.of()),
          decisions -> decisions.with(hold));
    } catch (NotRecordedException e) {
      return notRecorded(e);
    }
    follower.decided();
    return new FollowOutcome.Done(follower.status());
  }

  /**
   * Follows the channel again, and looks at once.
   *
   * @param accept a digest that the tag may go back to, though it was replaced before; null for
   *     none
   */
  public FollowOutcome follow(String channel, Actor actor, @Nullable Digest accept) {
    ChannelFollower follower = followers.get(channel);
    if (follower == null) {
      return unknown(channel);
    }
    try (var _ = changes.turn()) {
      if (accept != null) {
        accepted(channel, actor, accept);
      }
      if (changes.now().hold(channel).isPresent()) {
        changes.decide(
            event("channel.follow", channel, "", actor, Map.of()),
            decisions -> decisions.withoutHold(channel));
      }
    } catch (NotRecordedException e) {
      return notRecorded(e);
    }
    follower.decided();
    return new FollowOutcome.Done(follower.status());
  }

  private void accepted(String channel, Actor actor, Digest accept) throws NotRecordedException {
    AuditEvent event =
        event("channel.accept", channel, "", actor, Map.of("accepted", accept.toString()));
    changes.record(event);
    try {
      cache.accept(releases.channel(channel).orElseThrow(), accept);
    } catch (UncheckedIOException e) {
      changes.tell(Changes.failed(event, String.valueOf(e.getMessage())));
      throw new NotRecordedException(String.valueOf(e.getMessage()), e);
    }
  }

  private static AuditEvent event(
      String event, String channel, String reason, Actor actor, Map<String, String> details) {
    return new AuditEvent(event, "ok", reason, actor, Map.of("channel", channel), details);
  }

  private static FollowOutcome unknown(String channel) {
    return new FollowOutcome.Refused(
        Grounds.NO_SUCH_CHANNEL, "no channel is called \"" + channel + "\"");
  }

  private static FollowOutcome notRecorded(NotRecordedException e) {
    return new FollowOutcome.Refused(
        Grounds.NOT_RECORDED, "nothing has changed: " + e.getMessage());
  }

  /** True while every channel is being followed: from start until close, unless a thread died. */
  public boolean isRunning() {
    return followers.values().stream().allMatch(ChannelFollower::isRunning);
  }

  /** Ends running looks and waits for all threads, {@code 10 s} at most. */
  @Override
  public void close() {
    closing = true;
    followers.values().forEach(ChannelFollower::stop);
    try {
      for (var follower : followers.entrySet()) {
        if (!follower.getValue().awaitEnd(STOP)) {
          LOG.log(Level.ERROR, "follow channel={0} does not stop", follower.getKey());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
