package dev.moonboot.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged server as a child process, to be treated badly. */
final class ServerProcess implements AutoCloseable {
  private static final Pattern SERVING =
      Pattern.compile(
          "serving http=(\\S+):(\\d+) admin=(?:off|\\S+:(\\d+)) tftp=(?:off|\\S+:(\\d+))");

  private final Process process;
  private final Path log;

  private ServerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts {@code moonboot serve}.
   *
   * @param prefix a program with its arguments that runs what follows; may be empty
   * @param environment variables besides those of this process
   */
  static ServerProcess start(Path config, List<String> prefix, Map<String, String> environment) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of(Moonboot.SCRIPT.toString(), "serve", "--config", config.toString()));
    return run(config.toAbsolutePath().resolveSibling(""), command, environment);
  }

  /**
   * Starts {@code moonboot matchbox} on a free port, with the folders of a matchbox.
   *
   * @param data its data directory; the assets are in it
   * @param log a folder for its log
   * @param environment variables besides those of this process
   */
  static ServerProcess matchbox(Path data, Path log, Map<String, String> environment) {
    List<String> command =
        List.of(
            Moonboot.SCRIPT.toString(),
            "matchbox",
            "-address=127.0.0.1:0",
            "-data-path=" + data,
            "-assets-path=" + data.resolve("assets"));
    return run(log, command, environment);
  }

  /**
   * Starts a command that serves.
   *
   * @param folder for its log
   */
  static ServerProcess run(Path folder, List<String> command, Map<String, String> environment) {
    try {
      Path log = Files.createTempFile(folder, "serve-", ".log");
      var builder = new ProcessBuilder(command);
      builder.environment().putAll(environment);
      return new ServerProcess(
          builder
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start(),
          log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that it has said. */
  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long logSize() throws IOException {
    return Files.size(log);
  }

  /** Waits until it listens. */
  ServerProcess serving() {
    await("serving", Duration.ofSeconds(60), () -> SERVING.matcher(log()).find());
    return this;
  }

  private int port(int group) {
    Matcher serving = SERVING.matcher(log());
    assertTrue(serving.find(), this::log);
    return Integer.parseInt(serving.group(group));
  }

  InetSocketAddress http() {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port(2));
  }

  int adminPort() {
    return port(3);
  }

  int tftpPort() {
    return port(4);
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** The status of an answer of the boot listener; 0 where there is none. */
  int status(String path) {
    try {
      HttpURLConnection connection = connection(http().getPort(), path);
      try {
        return connection.getResponseCode();
      } finally {
        connection.disconnect();
      }
    } catch (IOException e) {
      return 0;
    }
  }

  byte[] body(String path) throws IOException {
    try (var in = connection(http().getPort(), path).getInputStream()) {
      return in.readAllBytes();
    }
  }

  /** What the admin listener answers. */
  String admin(String path) throws IOException {
    try (var in = connection(adminPort(), path).getInputStream()) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static HttpURLConnection connection(int port, String path) throws IOException {
    URI url = URI.create("http://127.0.0.1:" + port + path);
    var connection = (HttpURLConnection) url.toURL().openConnection();
    connection.setRequestProperty("Connection", "close");
    connection.setConnectTimeout(5_000);
    connection.setReadTimeout(10_000);
    return connection;
  }

  /** User and system time so far. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /** How many files and sockets it has open. */
  int descriptors() throws IOException {
    try (var files = Files.list(Path.of("/proc/" + pid() + "/fd"))) {
      return (int) files.count();
    }
  }

  /** Waits until {@code fact} holds. */
  void await(String what, Duration limit, BooleanSupplier fact) {
    long end = System.nanoTime() + limit.toNanos();
    while (!fact.getAsBoolean()) {
      if (System.nanoTime() > end || !process.isAlive()) {
        fail(what + ": not within " + limit + "; it said:\n" + log());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  /** Sends a signal by its name. */
  void signal(String name) throws IOException, InterruptedException {
    int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
    assertTrue(code == 0, "kill: " + code);
  }

  /** Waits for its end. */
  int exit(Duration limit) throws InterruptedException {
    assertTrue(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS), () -> "runs on: " + log());
    return process.exitValue();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    try {
      if (!process.waitFor(15, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
