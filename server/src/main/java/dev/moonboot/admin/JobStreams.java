package dev.moonboot.admin;

import dev.moonboot.http.Body;
import dev.moonboot.http.EventSource;
import dev.moonboot.http.Reply;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Those who watch jobs: so many at once, and none beyond the end. */
final class JobStreams implements AutoCloseable {
  static final String TYPE = "text/event-stream";
  static final int MOST = 16;

  private final Set<JobEvents> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * Tells how a job goes on, until it has ended.
   *
   * @throws ProblemException when as many as allowed are watching already
   */
  synchronized Reply open(RunningJob job) {
    if (closed || open.size() >= MOST) {
      throw Problem.of(
              ProblemKind.BUSY,
              "as many as allowed are watching jobs: ask for the job itself now and then")
          .with("Retry-After", "10")
          .asException();
    }
    JobEvents events = new JobEvents(job);
    open.add(events);
    return Reply.of(200, new Body.Events(events)).with("Content-Type", TYPE);
  }

  int openNow() {
    return open.size();
  }

  @Override
  public synchronized void close() {
    closed = true;
    open.forEach(JobEvents::end);
  }

  /** The changes of one job; several that follow each other quickly become one. */
  private final class JobEvents implements EventSource {
    private static final long QUICKLY = Duration.ofMillis(200).toNanos();

    private final RunningJob job;
    private long seen = -1;
    private long told;
    private boolean over;
    private volatile boolean ended;

    JobEvents(RunningJob job) {
      this.job = job;
      this.told = System.nanoTime() - QUICKLY;
    }

    @Override
    public Next next(Duration atMost) throws InterruptedException {
      if (over || ended) {
        return new End();
      }
      job.awaitEnd(Duration.ofNanos(Math.max(0, told + QUICKLY - System.nanoTime())));
      RunningJob.Version now = job.awaitChange(seen, atMost, () -> ended);
      if (ended) {
        return new End();
      }
      if (now.number() == seen) {
        return new Quiet();
      }
      seen = now.number();
      told = System.nanoTime();
      over = !now.job().isRunning();
      return new Event(over ? "ended" : "progress", now.job().json().compact());
    }

    void end() {
      ended = true;
      job.wake();
    }

    @Override
    public void close() {
      open.remove(this);
    }
  }
}
