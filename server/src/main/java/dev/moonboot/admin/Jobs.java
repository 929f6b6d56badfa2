package dev.moonboot.admin;

import dev.moonboot.assets.Progress;
import dev.moonboot.http.Reply;
import dev.moonboot.json.Json;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Long works that callers need not wait for. They are kept in memory only: after a restart nobody
 * knows them, and what ran then has ended with the process.
 */
final class Jobs implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Jobs.class.getName());
  private static final int MOST_RUNNING = 16;
  private static final int MOST_KEPT = 200;
  private static final Duration STOP = Duration.ofSeconds(5);

  /** What a job does. */
  @FunctionalInterface
  interface Work {
    /**
     * Does it, to the end; interrupted when moonboot stops.
     *
     * @return what it led to, as it is answered
     * @throws ProblemException when it failed
     */
    Json.Obj run(Progress progress) throws InterruptedException;
  }

  private final SecureRandom random = new SecureRandom();
  private final Map<String, RunningJob> jobs = new LinkedHashMap<>();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * Begins a job on a thread of its own.
   *
   * @param kind {@code refresh}, {@code pin} …
   * @param subject what it is done to; may be empty
   * @throws ProblemException when as many as allowed are running already
   */
  RunningJob start(String kind, String subject, Caller by, Work work) {
    RunningJob job = add(Job.begun(id(), kind, subject, by.actor().id()));
    Thread thread = Thread.ofVirtual().name("job-" + kind).unstarted(() -> run(job, work));
    threads.add(thread);
    thread.start();
    return job;
  }

  private synchronized RunningJob add(Job begun) {
    long running = jobs.values().stream().filter(job -> job.job().isRunning()).count();
    if (closed || running >= MOST_RUNNING) {
      throw Problem.of(
              ProblemKind.BUSY,
              closed
                  ? "moonboot stops: ask again when it runs"
                  : running + " jobs are running already: wait until one has ended")
          .with("Retry-After", "10")
          .asException();
    }
    RunningJob job = new RunningJob(begun);
    jobs.put(begun.id(), job);
    forgetOldest();
    return job;
  }

  private void forgetOldest() {
    Iterator<RunningJob> oldestFirst = jobs.values().iterator();
    while (jobs.size() > MOST_KEPT && oldestFirst.hasNext()) {
      if (!oldestFirst.next().job().isRunning()) {
        oldestFirst.remove();
      }
    }
  }

  private String id() {
    byte[] bytes = new byte[8];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private void run(RunningJob job, Work work) {
    try {
      Json.Obj result = work.run(job);
      job.change(running -> running.done(result));
    } catch (ProblemException e) {
      job.change(running -> running.failed(e.problem()));
    } catch (InterruptedException e) {
      fail(job, "moonboot stopped before it ended");
    } catch (RuntimeException e) { // the edge of this thread: whoever waits must be told
      LOG.log(closed ? Level.DEBUG : Level.ERROR, "job id=" + job.job().id() + " fault", e);
      fail(job, "a fault in moonboot; its log has it under job id=" + job.job().id());
    } finally {
      threads.remove(Thread.currentThread());
    }
  }

  private static void fail(RunningJob job, String why) {
    job.change(running -> running.failed(Problem.of(ProblemKind.FAULT, why)));
  }

  /** All that are known, the newest first. */
  synchronized List<Job> all() {
    return jobs.values().stream().map(RunningJob::job).toList().reversed();
  }

  synchronized Optional<RunningJob> find(String id) {
    return Optional.ofNullable(jobs.get(id));
  }

  /**
   * Answers with what the job led to when it ends within {@code patience}; else {@code 202}, and
   * where to ask.
   *
   * @throws ProblemException when the job failed
   */
  Reply reply(RunningJob job, Duration patience) {
    Job now = await(job, patience);
    Problem problem = now.problem();
    if (problem != null) {
      throw new ProblemException(problem);
    }
    Json.Obj result = now.result();
    return result == null
        ? Replies.json(202, now.json()).with("Location", now.location())
        : Replies.ok(result).with("Location", now.location());
  }

  /** The job once it has ended, or as it is when {@code patience} is over. */
  static Job await(RunningJob job, Duration patience) {
    try {
      return job.awaitEnd(patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return job.job();
    }
  }

  /** Ends what runs. */
  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        if (!thread.join(STOP)) {
          LOG.log(Level.ERROR, "job thread={0} does not stop", thread.getName());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
