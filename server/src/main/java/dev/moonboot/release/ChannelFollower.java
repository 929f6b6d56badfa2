package dev.moonboot.release;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Held;
import dev.moonboot.assets.Refresh.Rejected;
import dev.moonboot.assets.Refresh.Trouble;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.Release;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
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
      int failures) {
    static final Standing AT_START =
        new Standing(ChannelState.STARTING, "not looked at yet", null, null, null, 0);

    Standing looking() {
      return new Standing(state, reason, lastCheck, lastGood, null, failures);
    }

    Standing after(Refresh outcome, Instant now) {
      boolean good = outcome instanceof Unchanged || outcome instanceof Updated;
      return new Standing(
          ChannelState.after(outcome),
          why(outcome),
          now,
          good ? now : lastGood,
          null,
          good ? 0 : failures + 1);
    }

    Standing next(Instant at) {
      return new Standing(state, reason, lastCheck, lastGood, at, failures);
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

  private final Channel channel;
  private final Supplier<Optional<Release>> head;
  private final Function<Channel, Refresh> look;
  private final Pace pace;
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
   * @param head what the channel serves now
   * @param look takes one look and puts its outcome in force; runs on this follower's thread
   */
  ChannelFollower(
      Channel channel,
      Supplier<Optional<Release>> head,
      Function<Channel, Refresh> look,
      Pace pace) {
    this.channel = channel;
    this.head = head;
    this.look = look;
    this.pace = pace;
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
      while (!closed && !wanted && left > 0) {
        left = changed.awaitNanos(left);
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
    Duration pause = pace.after(outcome, after.failures(), head.get().isPresent());
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
      return look.apply(channel);
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
    Optional<Release> serving = head.get();
    return new ChannelStatus(
        channel.name(),
        channel.image().toString(),
        now.state(),
        now.reason(),
        serving.map(Release::digest).orElse(null),
        serving.map(Release::version).orElse(""),
        now.lastCheck(),
        now.lastGood(),
        now.nextCheck(),
        now.failures(),
        null,
        List.of());
  }

  /** Takes a look that begins after this call, and waits for its outcome. */
  Refresh refreshNow() {
    lock.lock();
    try {
      long target = begun + 1;
      wanted = true;
      changed.signalAll();
      while (!closed && ended < target) {
        changed.await();
      }
      if (last != null && ended >= target) {
        return last;
      }
      return new Failed(Trouble.BUSY, "channels are no longer followed: moonboot stops", null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Failed(Trouble.BUSY, "interrupted while waiting for the look to end", null);
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
