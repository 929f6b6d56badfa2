package dev.moonboot.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Lets file operations of a JVM fail: {@code crashat.c} in front of the C library. The file says
 * which modes there are.
 */
public final class FaultInjector {
  private final Path library;

  private FaultInjector(Path library) {
    this.library = library;
  }

  /** What a JVM beside this one ended with; status 137 is SIGKILL. */
  public record Ended(int status, String text) {}

  /** Builds it; needs gcc. */
  public static FaultInjector build(Path folder) throws IOException, InterruptedException {
    Path gcc = Requires.program("gcc");
    Path source =
        Stream.of("src/test/c/crashat.c", "../assets-cache/src/test/c/crashat.c")
            .map(Path::of)
            .filter(Files::exists)
            .findFirst()
            .orElseThrow();
    Path library = folder.resolve("crashat.so");
    var builder =
        new ProcessBuilder(gcc.toString(), "-Wall", "-Werror", "-O1", "-shared", "-fPIC", "-o")
            .redirectErrorStream(true);
    builder.command().addAll(List.of(library.toString(), source.toString(), "-ldl"));
    Ended built = run(builder);
    if (built.status() != 0) {
      throw new AssertionError(built.text());
    }
    return new FaultInjector(library);
  }

  /**
   * Runs {@code main} in a JVM of its own, with the faults below {@code directory}.
   *
   * @param log where the calls are written in mode {@code log}
   */
  public Ended run(Class<?> main, Path directory, Path log, String mode, long at, String... args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(args));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "LD_PRELOAD", library.toString(),
                "CRASH_DIR", directory + "/",
                "CRASH_MODE", mode,
                "CRASH_AT", Long.toString(at),
                "CRASH_LOG", log.toString()));
    return run(builder);
  }

  private static Ended run(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.start();
    try (var out = process.getInputStream()) {
      String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      return new Ended(process.waitFor(), text);
    } finally {
      process.destroyForcibly();
    }
  }

  /** In the JVM with the faults: from now on the mode is another one, and calls count from 1. */
  public static void arm(String mode, long at) {
    if (new File("/crashat/" + mode + "/" + at).mkdir()) {
      throw new AssertionError("the fault injector is not loaded");
    }
  }
}
