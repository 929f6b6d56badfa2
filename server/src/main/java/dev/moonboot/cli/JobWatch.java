package dev.moonboot.cli;

import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Follows a job to its end: by server-sent events (WHATWG HTML, 9.2), and after a connection broke
 * by asking again.
 */
final class JobWatch {
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final AdminClient client;
  private final ConsoleProgress progress;
  private String step = "";

  private JobWatch(AdminClient client, ConsoleProgress progress) {
    this.client = client;
    this.progress = progress;
  }

  /**
   * What a change led to: the answer itself, or what the job led to that it began.
   *
   * @param err where progress is told
   * @throws CliException when the job failed
   */
  static Json.Obj outcome(AdminClient client, Answer answer, PrintWriter err) {
    return answer.status() == 202
        ? follow(client, answer.json().text("id").orElse(""), err)
        : answer.json();
  }

  /**
   * Waits until the job has ended.
   *
   * @return what it led to
   * @throws CliException when it failed, or nobody knows it
   */
  static Json.Obj follow(AdminClient client, String id, PrintWriter err) {
    var progress = new ConsoleProgress(err, ConsoleProgress.onTerminal(), "");
    try {
      return new JobWatch(client, progress).follow("/admin/v1/jobs/" + AdminClient.encode(id));
    } finally {
      progress.clear();
    }
  }

  private Json.Obj follow(String path) {
    while (true) {
      Optional<Json.Obj> ended = byEvents(path).or(() -> tell(client.get(path)));
      if (ended.isPresent()) {
        return result(ended.get());
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /**
   * The job once it has ended; empty when the connection broke before, or too many are watching:
   * whatever else is refused is told when the job itself is asked for.
   */
  private Optional<Json.Obj> byEvents(String path) {
    try (Stream<String> lines = client.lines(path + "/events")) {
      for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
        String line = each.next();
        if (line.startsWith("data:")
            && JsonText.parse(line.substring("data:".length())) instanceof Json.Obj job) {
          Optional<Json.Obj> ended = tell(job);
          if (ended.isPresent()) {
            return ended;
          }
        }
      }
      return Optional.empty();
    } catch (IOException | UncheckedIOException | CliException e) {
      return Optional.empty();
    }
  }

  /** Tells how far the job is; it, when it has ended. */
  private Optional<Json.Obj> tell(Json.Obj job) {
    if (!job.text("state").orElse("").equals("running")) {
      return Optional.of(job);
    }
    String now = job.text("step").orElse("");
    if (!now.isEmpty() && !now.equals(step)) {
      step = now;
      progress.step(Cell.clean(now), Cell.clean(job.text("detail").orElse("")));
    }
    long done = job.integer("bytesDone").orElse(0L);
    if (done > 0) {
      progress.bytes(done, job.integer("bytesTotal").orElse(-1L));
    }
    return Optional.empty();
  }

  private static Json.Obj result(Json.Obj job) {
    Json.@Nullable Obj problem = job.object("problem").orElse(null);
    if (problem != null) {
      throw Refusal.of(problem);
    }
    return job.object("result").orElse(job);
  }
}
