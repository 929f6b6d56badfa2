package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the start script of this checkout as a user does. */
final class Moonboot {
  static final Path SCRIPT =
      Path.of(System.getProperty("moonboot.root", ".."), "moonboot").toAbsolutePath().normalize();

  /** How a run ended. */
  record Ran(int code, String out, String err) {}

  private final Path script;
  private final Path folder;
  private final Map<String, String> environment;

  /**
   * @param folder for what it writes
   * @param environment variables besides those of this process
   */
  Moonboot(Path script, Path folder, Map<String, String> environment) {
    this.script = script;
    this.folder = folder;
    this.environment = environment;
  }

  /** Starts it, with its input held open and its output in {@code out} and {@code err}. */
  Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return builder
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  String out() throws IOException {
    return Files.readString(folder.resolve("out"), StandardCharsets.UTF_8);
  }

  private String err() throws IOException {
    return Files.readString(folder.resolve("err"), StandardCharsets.UTF_8);
  }

  Ran run(String... arguments) throws IOException, InterruptedException {
    Process process = start(arguments);
    return ended(process);
  }

  /** Waits until it ended. */
  Ran ended(Process process) throws IOException, InterruptedException {
    try {
      process.getOutputStream().close();
      assertTrue(process.waitFor(300, TimeUnit.SECONDS), () -> "still runs: " + process.info());
    } finally {
      process.destroyForcibly();
    }
    return new Ran(process.exitValue(), out(), err());
  }
}
