package dev.moonboot.admin;

import dev.moonboot.http.Body;
import dev.moonboot.http.EventSource;
import dev.moonboot.http.Reply;
import dev.moonboot.journal.Boot;
import dev.moonboot.journal.BootFilter;
import dev.moonboot.journal.BootLog;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Those who watch boots: so many at once, and none beyond the end.
 *
 * <p>An event's id is the number of the change, after a mark of this start of moonboot: who comes
 * back with the last id it had ({@code Last-Event-ID}) is told each boot that changed since, as it
 * is now.
 */
final class BootStreams implements AutoCloseable {
  static final int MOST = 16;

  private final BootLog boots;
  private final String mark = UUID.randomUUID().toString().substring(0, 8);
  private final Set<BootEvents> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  BootStreams(BootLog boots) {
    this.boots = boots;
  }

  /**
   * Tells of the latest boots, and then of each that changes.
   *
   * @param limit how many of those that are known already
   * @param lastId the id of the event that the caller had last; empty for none
   * @throws ProblemException when as many as allowed are watching already
   */
  synchronized Reply open(BootFilter filter, int limit, String lastId) {
    if (closed || open.size() >= MOST) {
      throw Problem.of(
              ProblemKind.BUSY, "as many as allowed are watching boots: ask for them now and then")
          .with("Retry-After", "10")
          .asException();
    }
    BootEvents events = new BootEvents(filter, limit, lastId);
    open.add(events);
    return Reply.of(200, new Body.Events(events)).with("Content-Type", JobStreams.TYPE);
  }

  int openNow() {
    return open.size();
  }

  @Override
  public synchronized void close() {
    closed = true;
    open.forEach(BootEvents::end);
  }

  /** The changes of boots; several of one boot that follow each other quickly become one. */
  private final class BootEvents implements EventSource {
    private static final long QUICKLY = Duration.ofMillis(200).toNanos();

    private final BootFilter filter;
    private final Deque<Boot> waiting = new ArrayDeque<>();
    private long since;
    private long asked = System.nanoTime() - QUICKLY;
    private volatile boolean ended;

    BootEvents(BootFilter filter, int limit, String lastId) {
      this.filter = filter;
      String begins = mark + "-";
      if (lastId.startsWith(begins) && lastId.substring(begins.length()).matches("\\d{1,18}")) {
        since = Long.parseLong(lastId.substring(begins.length()));
      } else {
        since = boots.changes();
        waiting.addAll(boots.recent(filter, limit).reversed());
      }
    }

    @Override
    public Next next(Duration atMost) throws InterruptedException {
      long patience = System.nanoTime() + atMost.toNanos();
      while (waiting.isEmpty() && !ended) {
        TimeUnit.NANOSECONDS.sleep(Math.max(0, asked + QUICKLY - System.nanoTime()));
        long left = patience - System.nanoTime();
        if (left <= 0) {
          return new Quiet();
        }
        take(Duration.ofNanos(left));
      }
      return ended ? new End() : event(waiting.removeFirst());
    }

    private void take(Duration atMost) throws InterruptedException {
      for (Boot boot : boots.changedSince(since, atMost, () -> ended)) {
        since = Math.max(since, boot.timeline().change());
        if (filter.accepts(boot)) {
          waiting.addLast(boot);
        }
      }
      asked = System.nanoTime();
    }

    private Event event(Boot boot) {
      return new Event("boot", BootJson.of(boot).compact(), mark + "-" + boot.timeline().change());
    }

    void end() {
      ended = true;
      boots.wake();
    }

    @Override
    public void close() {
      open.remove(this);
    }
  }
}
