package dev.moonboot.ignition;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Translates by the butane program: a process for each text that is new, a few at a time. What came
 * of a text is kept for a while, so that a rack that boots does not start a process for each node.
 */
final class Butane implements Translator {
  private static final int AT_ONCE = Math.max(2, Runtime.getRuntime().availableProcessors());
  private static final int LONGEST_REASON = 300;

  private final ButaneRun run;
  private final Duration patience;
  private final Semaphore places;
  private final Translations kept = new Translations();

  Butane(Path program) {
    this(new ButaneRun(program, Duration.ofSeconds(5)), AT_ONCE, Duration.ofSeconds(5));
  }

  /**
   * @param atOnce how many processes may run
   * @param patience how long a text waits for its turn
   */
  Butane(ButaneRun run, int atOnce, Duration patience) {
    this.run = run;
    this.patience = patience;
    this.places = new Semaphore(atOnce);
  }

  @Override
  public Translation translate(String butane) {
    String key = key(butane);
    FutureTask<ButaneRun.Outcome> task =
        kept.putIfAbsent(key, new FutureTask<>(() -> take(butane)));
    task.run(); // nothing where somebody runs it or has
    try {
      ButaneRun.Outcome outcome = task.get();
      switch (outcome) {
        case ButaneRun.Outcome.Done done -> kept.weigh(key, done.text().length());
        case ButaneRun.Outcome.Refused _ -> kept.weigh(key, LONGEST_REASON);
        case ButaneRun.Outcome.Failed _ -> kept.remove(key, task);
      }
      return translation(outcome);
    } catch (ExecutionException e) {
      kept.remove(key, task);
      return new Translation.NotNow("butane could not be run: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Translation.NotNow("moonboot is ending");
    }
  }

  private ButaneRun.Outcome take(String butane) throws InterruptedException {
    if (!places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
      return new ButaneRun.Outcome.Failed("busy: too many Butane configs to translate at once");
    }
    try {
      return run.translate(butane);
    } finally {
      places.release();
    }
  }

  private static Translation translation(ButaneRun.Outcome outcome) {
    return switch (outcome) {
      case ButaneRun.Outcome.Done(var text) -> new Translation.Made(normalized(text));
      case ButaneRun.Outcome.Refused(var code, var words) ->
          new Translation.Made(
              new Normalized.Unusable(
                  "butane refused it (exit code %d): %s".formatted(code, line(words))));
      case ButaneRun.Outcome.Failed(var why) -> new Translation.NotNow(why);
    };
  }

  private static Normalized normalized(String text) {
    return switch (Ignition.normalize(text)) {
      case Normalized.Config config -> config;
      case Normalized.Unusable(var why) ->
          new Normalized.Unusable("what butane made of it: " + why);
    };
  }

  private static String line(String words) {
    String line = words.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "...";
  }

  /** Another program of that name may make something else of the same text. */
  private String key(String butane) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(butane.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest) + Files.getLastModifiedTime(run.program());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      return butane; // the program is gone, as is found out when it is run
    }
  }
}
