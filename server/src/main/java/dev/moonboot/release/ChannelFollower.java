package dev.moonboot.release;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Held;
import dev.moonboot.assets.Refresh.Rejected;
import dev.moonboot.assets.Refresh.Trouble;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.Remade;
import dev.moonboot.release.ChannelStatus.Alarm;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Looks at one channel again and again, on a virtual thread of its own. */
final class ChannelFollower {
  private static final System.Logger LOG = System.getLogger(ChannelFollower.class.getName());

  /** What the looks so far came to. */
  private record Standing(
      ChannelState state,
      String reason,
      @Nullable Instant lastCheck,
      @Nullable Instant lastGood,
      @Nullable Instant nextCheck,
      int failures,
      int missing) {
    static final Standing AT_START =
        new Standing(ChannelState.STARTING, "not looked at yet", null, null, null, 0, 0);

    Standing looking() {
      return new Standing(state, reason, lastCheck, lastGood, null, failures, missing);
    }

    Standing after(Refresh outcome, Instant now) {
      boolean good = outcome instanceof Unchanged || outcome instanceof Updated;
      return new Standing(
          ChannelState.after(outcome),
          why(outcome),
          now,
          good ? now : lastGood,
          null,
          good ? 0 : failures + 1,
          ChannelState.after(outcome) == ChannelState.TAG_MISSING ? missing + 1 : 0);
    }

    Standing next(Instant at) {
      return new Standing(state, reason, lastCheck, lastGood, at, failures, missing);
    }

    private static String why(Refresh outcome) {
      return switch (outcome) {
        case Unchanged _, Updated _ -> "";
        case Rejected(var digest, var _, var why) -> digest + ": " + why;
        case Held(var digest, var _, var why) -> digest + ": " + why;
        case Failed(var _, var why, var _) -> why;
      };
    }
  }

  /** A tag may be missing while somebody pushes it anew; seen so often it is gone. */
  private static final int MISSING_FOR_ALARM = 3;

  private final Channel channel;
  private final Releases releases;
  private final Ways ways;
  private final Pace pace;
  private final Freshness freshness;
  private volatile Standing standing = Standing.AT_START;
  private volatile @Nullable Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile boolean closed;
  private boolean wanted;
  private long begun;
  private long ended;
  private @Nullable Refresh last;

  /**
   * What it asks of others.
   *
   * @param look takes one look and puts its outcome in force; runs on this follower's thread
   * @param remade whether a release has other bytes than it had
   */
  record Ways(Function<Channel, Refresh> look, Function<Digest, Optional<Remade>> remade) {}

  ChannelFollower(Channel channel, Releases releases, Ways ways, Pace pace, Freshness freshness) {
    this.channel = channel;
    this.releases = releases;
    this.ways = ways;
    this.pace = pace;
    this.freshness = freshness;
  }

  private Optional<Release> head() {
    return releases.head(channel.name());
  }

  private Optional<Hold> hold() {
    return releases.decisions().hold(channel.name());
  }

  void start() {
    thread = Thread.ofVirtual().name("follow-" + channel.name()).start(this::run);
  }

  private void run() {
    try {
      Duration pause = Duration.ZERO;
      while (awaitTurn(pause)) {
        pause = lookOnce();
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "follow channel={0} stopped", channel.name());
    } finally {
      close();
    }
  }

  /** False when there is to be no other look. */
  private boolean awaitTurn(Duration pause) throws InterruptedException {
    lock.lock();
    try {
      long left = pause.toNanos();
      while (!closed && (hold().isPresent() || (!wanted && left > 0))) {
        if (hold().isPresent()) {
          changed.await(); // whoever follows it again wants a look at once
        } else {
          left = changed.awaitNanos(left);
        }
      }
      wanted = false;
      begun++;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the pause, if there is one. */
  void lookSoon() {
    lock.lock();
    try {
      wanted = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How long to pause then. */
  private Duration lookOnce() {
    standing = standing.looking();
    Refresh outcome = lookSafely();
    Instant now = Instant.now();
    Standing after = standing.after(outcome, now);
    if (after.failures() == 0) {
      freshness.good();
    }
    Duration pause = pace.after(outcome, after.failures(), head().isPresent());
    standing = after.next(now.plus(pause));
    lock.lock();
    try {
      ended = begun;
      last = outcome;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    return pause;
  }

  private Refresh lookSafely() {
    try {
      return ways.look().apply(channel);
    } catch (RuntimeException e) { // the edge of this thread: the channel must go on being followed
      Level level =
          closed ? Level.DEBUG : Level.ERROR; // what close interrupts may fail as it likes
      LOG.log(level, "refresh channel=" + channel.name() + " result=fault", e);
      return new Failed(Trouble.BAD_ANSWER, "fault in moonboot (see its log): " + e, null);
    }
  }

  /** How it stands, with the head that serves at this moment. */
  ChannelStatus status() {
    Standing now = standing;
    Optional<Release> serving = head();
    Hold hold = hold().orElse(null);
    return new ChannelStatus(
        channel.name(),
        channel.image().toString(),
        channel.content(),
        hold == null ? now.state() : ChannelState.HELD,
        hold == null ? now.reason() : hold.reason(),
        serving.map(Release::digest).orElse(null),
        serving.map(Release::version).orElse(""),
        warning(),
        now.lastCheck(),
        now.lastGood(),
        hold == null ? now.nextCheck() : null,
        now.failures(),
        hold,
        alarms(now));
  }

  /** What the policy warned of when it let the head in; empty when of nothing. */
  String warning() {
    return head().map(release -> release.admission().warning()).orElse("");
  }

  private List<Alarm> alarms(Standing now) {
    List<Alarm> alarms = new ArrayList<>();
    freshness.alarm().ifPresent(alarms::add);
    head()
        .flatMap(release -> ways.remade().apply(release.digest()))
        .ifPresent(remade -> alarms.add(new Alarm(ChannelStatus.Kind.REMADE, remade.why())));
    if (now.missing() >= MISSING_FOR_ALARM) {
      alarms.add(
          new Alarm(
              ChannelStatus.Kind.TAG_MISSING,
              "%s is gone from the registry; the head stays, and is never replaced by itself"
                  .formatted(channel.image())));
    }
    return alarms;
  }

  /**
   * Takes a look that begins after this call, and waits for its outcome; of a channel that is held
   * there is none.
   */
  Refresh refreshNow() {
    lock.lock();
    try {
      long target = begun + 1;
      wanted = hold().isEmpty();
      changed.signalAll();
      while (!closed && ended < target && hold().isEmpty()) {
        changed.await();
      }
      if (last != null && ended >= target) {
        return last;
      }
      return new Failed(
          Trouble.BUSY,
          closed
              ? "channels are no longer followed: moonboot stops"
              : "channel " + channel.name() + " is held: follow it again first",
          null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Failed(Trouble.BUSY, "interrupted while waiting for the look to end", null);
    } finally {
      lock.unlock();
    }
  }

  /** The channel is held now, or followed again: then it is looked at at once. */
  void decided() {
    lock.lock();
    try {
      wanted = hold().isEmpty();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Asks the thread to end, a running look included. */
  void stop() {
    close();
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }

  /** Waits until the thread has ended; false when it has not in time. */
  boolean awaitEnd(Duration atMost) throws InterruptedException {
    Thread running = thread;
    return running == null || running.join(atMost);
  }

  boolean isRunning() {
    Thread running = thread;
    return running != null && running.isAlive();
  }
}
