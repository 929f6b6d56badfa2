package dev.moonboot.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program of the system, for what is not worth writing again. It is run without a shell and with
 * an environment of its own, so that the same input gives the same output wherever it runs.
 */
public final class Program {
  private static final int MOST_WORDS = 4096;

  /** One that is killed goes at once, unless a disk holds it. */
  private static final Duration KILLED = Duration.ofSeconds(5);

  private final Path path;

  private Program(Path path) {
    this.path = path;
  }

  /** How a run ended, and the first 4 KiB of what the program said. */
  public record Ended(int status, String words) {}

  /**
   * The program on PATH or among the administrator's.
   *
   * @param debianPackage what to install where there is none
   * @param purpose what it is needed for, for people
   * @throws MissingProgramException when there is none: says what to install
   */
  public static Program find(String name, String debianPackage, String purpose)
      throws MissingProgramException {
    return find(name, System.getenv().getOrDefault("PATH", ""))
        .orElseThrow(() ->
            new MissingProgramException(
                "%s needs %s (package %s), which is not on PATH: install it on this machine"
                    .formatted(purpose, name, debianPackage)));
  }

  /** The same on another PATH. */
  static Optional<Program> find(String name, String searched) {
    return Arrays.stream((searched + ":/usr/sbin:/sbin").split(File.pathSeparator))
        .filter(folder -> folder.startsWith("/"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Program::new);
  }

  /**
   * Runs it to its end.
   *
   * @param folder that it runs in; a file {@code words} is written there, and stays
   * @param environment besides {@code PATH} and {@code LC_ALL=C}
   * @throws IOException when it cannot be started, or does not end in time
   */
  public Ended run(
      Path folder, Duration limit, Map<String, String> environment, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(path.toString()));
    command.addAll(arguments);
    Path words = folder.resolve("words");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(words.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("TZ", "UTC");
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(path + " did not end within " + limit.toSeconds() + " s");
      }
      try (var in = Files.newInputStream(words)) {
        return new Ended(process.exitValue(), new String(in.readNBytes(MOST_WORDS), UTF_8).strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      end(process);
    }
  }

  /** Waits until it is gone, lest it writes into a folder that is being deleted. */
  private static void end(Process process) {
    process.destroyForcibly();
    process.onExit().completeOnTimeout(process, KILLED.toMillis(), TimeUnit.MILLISECONDS).join();
  }
}
