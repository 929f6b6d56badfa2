package dev.moonboot.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that runs beside the test; what it prints goes to a file. */
final class Running implements AutoCloseable {
  private final List<String> command;
  private final Path log;
  private final Process process;

  private Running(List<String> command, Path log, Process process) {
    this.command = command;
    this.log = log;
    this.process = process;
  }

  static Running start(List<String> command, Path log) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      // moonboot takes what begins so for a setting of its own
      builder.environment().remove(Fixture.CACHE);
      return new Running(command, log, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + command, e);
    }
  }

  /**
   * Waits for the end of a program that must succeed.
   *
   * @return what it printed
   */
  static String run(List<String> command, Path log, Duration limit) {
    try (Running program = start(command, log)) {
      if (program.exit(limit) != 0) {
        throw new AssertionError(program + " failed:\n" + program.output());
      }
      return program.output();
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Waits for the end, and fails when it has not come within {@code limit}. */
  int exit(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(this + " did not end within " + limit + ":\n" + output());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + this, e);
    }
  }

  String output() {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the program: children first, because nsenter does not hand on a signal to its own. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    if (!endsWithin(Duration.ofSeconds(15))) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private boolean endsWithin(Duration limit) {
    if (process.descendants().findAny().isEmpty()) {
      process.destroy();
    }
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public String toString() {
    return String.join(" ", command);
  }
}
