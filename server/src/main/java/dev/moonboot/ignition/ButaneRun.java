package dev.moonboot.ignition;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs the butane program on one text: no shell, no arguments (so it reads no other file), no
 * environment, an empty working directory, a deadline, and no more output than a config may have.
 *
 * @param program its absolute path
 * @param deadline how long it may take before it is killed with all that it started
 */
record ButaneRun(Path program, Duration deadline) {
  private static final int MOST_OUTPUT = 4 << 20;
  private static final int MOST_WORDS = 64 << 10;
  private static final long LOOK_EVERY_MILLIS = 5;

  /** What came of it. */
  sealed interface Outcome {
    /** The program's output; whether it is a config is another question. */
    record Done(String text) implements Outcome {}

    /** It said no, and will say so again. */
    record Refused(int code, String words) implements Outcome {}

    /** It did not come to an end; another time it may. */
    record Failed(String why) implements Outcome {}
  }

  /** Stands in for the answers of a program that says too much. */
  private static final class TooMuchException extends Exception {
    private static final long serialVersionUID = 1;
  }

  Outcome translate(String butane) throws InterruptedException {
    Path folder = null;
    try {
      folder = Files.createTempDirectory("moonboot-butane");
      Path input = Files.writeString(folder.resolve("input"), butane);
      return run(input, Files.createDirectory(folder.resolve("empty")));
    } catch (IOException e) {
      return new Outcome.Failed("butane cannot be run: " + e.getMessage());
    } finally {
      if (folder != null) {
        delete(folder);
      }
    }
  }

  private Outcome run(Path input, Path folder) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(program.toString())
            .directory(folder.toFile())
            .redirectInput(input.toFile());
    builder.environment().clear();
    Process process = builder.start();
    try {
      return outcome(process);
    } catch (TooMuchException e) {
      return new Outcome.Failed("butane says more than a config may have (4 MiB)");
    } finally {
      kill(process);
    }
  }

  private Outcome outcome(Process process)
      throws IOException, InterruptedException, TooMuchException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ByteArrayOutputStream words = new ByteArrayOutputStream();
    long end = System.nanoTime() + deadline.toNanos();
    boolean ended;
    do {
      // never a blocking read: what it started may hold the pipes open for as long as it likes
      ended = process.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
      take(process.getInputStream(), output, MOST_OUTPUT);
      take(process.getErrorStream(), words, MOST_WORDS);
    } while (!ended && System.nanoTime() < end);
    if (!ended) {
      return new Outcome.Failed("butane did not end within " + deadline.toMillis() + " ms");
    }
    return process.exitValue() == 0
        ? new Outcome.Done(output.toString(StandardCharsets.UTF_8))
        : new Outcome.Refused(process.exitValue(), words.toString(StandardCharsets.UTF_8));
  }

  private static void take(InputStream in, ByteArrayOutputStream out, int most)
      throws IOException, TooMuchException {
    for (int ready = in.available(); ready > 0; ready = in.available()) {
      if (out.size() + ready > most) {
        throw new TooMuchException();
      }
      out.write(in.readNBytes(ready));
    }
  }

  /** With all that it started and that did not hide from us. */
  private static void kill(Process process) {
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    all.forEach(ProcessHandle::destroyForcibly);
  }

  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted((a, b) -> b.getNameCount() - a.getNameCount()).forEach(ButaneRun::remove);
    } catch (IOException | UncheckedIOException e) {
      // a temporary folder: whoever empties those will find it
    }
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
