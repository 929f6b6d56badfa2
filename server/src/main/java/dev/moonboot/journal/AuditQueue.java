package dev.moonboot.journal;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Audit events of the boot path, which never waits for a disk: {@link #record} only puts them into
 * a queue, and a thread of its own writes them down. When more come than the disk takes, the queue
 * is full and events are dropped; how many is written down as {@code audit.gap} and can be seen in
 * the log. This is the one exception to "written down before it takes effect".
 */
public final class AuditQueue implements Audit, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(AuditQueue.class.getName());
  private static final int MOST = 4096;
  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Duration END = Duration.ofSeconds(5);

  /** Lets the thread see that it is to end. An interrupt could meet it while it writes. */
  private static final Optional<AuditEvent> WAKE = Optional.empty();

  private final AuditLog log;
  private final BlockingQueue<Optional<AuditEvent>> events;
  private final AtomicLong dropped = new AtomicLong();
  private final Thread thread;
  private volatile boolean ending;

  /** A queue before {@code log}, which it also lets try again a disk that has failed. */
  public AuditQueue(AuditLog log) {
    this(log, MOST);
  }

  AuditQueue(AuditLog log, int most) {
    this.log = log;
    this.events = new ArrayBlockingQueue<>(most);
    this.thread = Thread.ofVirtual().name("audit-queue").start(this::run);
  }

  /** Returns at once; the event is written down soon, or dropped and counted. */
  @Override
  public void record(AuditEvent event) {
    if (ending || !events.offer(Optional.of(event))) {
      dropped.incrementAndGet();
    }
  }

  private void run() {
    try {
      while (!ending || !events.isEmpty()) {
        Optional<AuditEvent> event = events.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        if (event == null) {
          tryTo(log::retry);
        } else {
          List<Optional<AuditEvent>> batch = new ArrayList<>(List.of(event));
          events.drainTo(batch);
          tryTo(() -> log.record(batch.stream().flatMap(Optional::stream).toList()));
        }
        tellDropped();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does that
    }
  }

  private void tellDropped() {
    long count = dropped.getAndSet(0);
    if (count > 0) {
      tryTo(() ->
          log.record(
              new AuditEvent(
                  "audit.gap",
                  "failed",
                  "more happened on the boot path than could be written down",
                  Actor.SYSTEM,
                  Map.of(),
                  Map.of("count", Long.toString(count)))));
    }
  }

  private static void tryTo(Runnable write) {
    try {
      write.run();
    } catch (AuditException e) {
      LOG.log(Level.ERROR, "audit_lost why=\"{0}\"", e.getMessage());
    }
  }

  /** Writes down what is waiting, for a few seconds at most. */
  @Override
  public void close() {
    ending = true;
    var _ = events.offer(WAKE); // a full queue wakes it, too
    try {
      thread.join(END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
