package dev.moonboot.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The packaged server, {@code moonboot serve}, on the appliance's machine of a network. */
final class ApplianceProcess implements AutoCloseable {
  private static final String TOKEN = "end-to-end-0123456789-0123456789-012345";

  private final Network network;
  private final Path work;
  private final Running server;

  private ApplianceProcess(Network network, Path work, Running server) {
    this.network = network;
    this.work = work;
    this.server = server;
  }

  /**
   * Starts it with the groups and profiles of {@link BootData}; what it keeps is under {@code
   * work}, for its next start.
   *
   * @param layouts each has a channel
   * @param more lines of its configuration
   */
  static ApplianceProcess start(Network network, Path work, Set<Layout> layouts, String more) {
    try {
      Path config = work.resolve("moonboot.yaml");
      Files.writeString(config, configuration(network, work, layouts) + more);
      BootData.write(work.resolve("data"), layouts);
      writeToken(work);
      List<String> command =
          List.of(
              Script.ROOT.resolve("moonboot").toString(), "serve", "--config", config.toString());
      Path log = work.resolve("moonboot.log");
      return new ApplianceProcess(network, work, Running.start(network.onServer(command), log));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String configuration(Network network, Path work, Set<Layout> layouts) {
    Network.Ports ports = network.ports();
    String channels =
        layouts.stream()
            .map(layout -> layout.channel(ports.registry()))
            .collect(Collectors.joining());
    return """
    data: %1$s/data
    cache: %1$s/cache
    state: %1$s/state
    static: %1$s/static
    http: {address: "%2$s:%3$d"}
    tftp: {address: "%2$s:%4$d"}
    loaders: {folder: %5$s%9$s}
    raspberry-pi: {firmware: "%10$s"}
    admin: {address: "127.0.0.1:%6$d", tokens: %1$s/tokens}
    registry: {plain-http: ["127.0.0.1:%7$d"]}
    follow: {every: 2s}
    channels:
    %8$s\
    """
            .formatted(
                work,
                network.address(),
                ports.http(),
                ports.tftp(),
                Fixture.bootPrograms(),
                ports.admin(),
                ports.registry(),
                channels,
                layouts.contains(Layout.LOADERS) ? ", channel: " + Layout.LOADERS.id() : "",
                layouts.contains(Layout.FIRMWARE) ? Layout.FIRMWARE.id() : "")
        + network.configuration();
  }

  /** A token for the admin API, and the file that the server knows it by. */
  private static void writeToken(Path work) throws IOException {
    Set<PosixFilePermission> mine = PosixFilePermissions.fromString("rw-------");
    for (String name : List.of("tokens", "token")) {
      Path file = work.resolve(name);
      Files.writeString(file, name.equals("token") ? TOKEN : "e2e admin " + TOKEN + "\n");
      Files.setPosixFilePermissions(file, mine);
    }
  }

  /** What {@code moonboot admin} prints for these arguments; it must succeed. */
  String admin(String... arguments) {
    var all = new ArrayList<>(List.of("admin"));
    all.addAll(List.of(arguments));
    all.addAll(
        List.of(
            "--address",
            "http://127.0.0.1:" + network.ports().admin(),
            "--token-file",
            work.resolve("token").toString()));
    return moonboot(all.toArray(String[]::new));
  }

  /**
   * What the admin API answers; it must be a JSON object.
   *
   * @param path below {@code /admin/v1/}
   */
  Json.Obj adminApi(String path) {
    String url = "http://127.0.0.1:" + network.ports().admin() + "/admin/v1/" + path;
    String header = "Authorization: Bearer " + TOKEN;
    List<String> curl = List.of("curl", "-sS", "--fail", "--max-time", "30", "-H", header, url);
    String answer = run("api", curl);
    if (JsonText.parse(answer) instanceof Json.Obj object) {
      return object;
    }
    throw new AssertionError(path + " answered " + answer);
  }

  /** What {@code moonboot doctor} finds. */
  String doctor() {
    List<String> command =
        List.of(
            "env",
            "MOONBOOT_ADMIN_TOKEN_FILE=" + work.resolve("token"),
            Script.ROOT.resolve("moonboot").toString(),
            "doctor",
            "--config",
            work.resolve("moonboot.yaml").toString());
    return run("doctor", command);
  }

  /** What the program prints for these arguments, on the appliance's machine; it must succeed. */
  String moonboot(String... arguments) {
    var command = new ArrayList<>(List.of(Script.ROOT.resolve("moonboot").toString()));
    command.addAll(List.of(arguments));
    return run(arguments[0], command);
  }

  private String run(String name, List<String> command) {
    try {
      Path log = Files.createTempFile(work, name, ".log");
      return Running.run(network.onServer(command), log, Duration.ofSeconds(60));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The status of an answer, and 0 where there is none.
   *
   * @param path below the server's root, with the leading slash
   */
  int status(String path) {
    Running curl = curl("status", "--head", "--write-out", "%{http_code}", "-o", "/dev/null", path);
    try (curl) {
      curl.exit(Duration.ofSeconds(10));
      return Integer.parseInt(curl.output());
    }
  }

  /** The body of a successful answer; what is not one is the empty text. */
  String text(String path) {
    try (Running curl = curl("text", "--fail", path)) {
      return curl.exit(Duration.ofSeconds(10)) == 0 ? curl.output() : "";
    }
  }

  /** Reads a file; that must succeed. */
  void fetch(String path, Path target) {
    try (Running curl = curl("fetch", "--fail", "-o", target.toString(), path)) {
      assertEquals(0, curl.exit(Duration.ofMinutes(2)), () -> path + ": " + curl.output());
    }
  }

  /** Begins to read a file at a rate of some bytes a second; ends when all is there. */
  Running download(String path, Path target, int rate) {
    return curl(
        "download",
        "--fail",
        "--limit-rate",
        Integer.toString(rate),
        "-o",
        target.toString(),
        path);
  }

  /** A curl of its own for each call: the server's network can be another than this JVM's. */
  private Running curl(String name, String... arguments) {
    try {
      Path log = Files.createTempFile(work, "curl-" + name, ".log");
      int last = arguments.length - 1;
      var command = new ArrayList<>(List.of("curl", "--silent", "--max-time", "120"));
      command.addAll(List.of(arguments).subList(0, last));
      command.add("http://" + network.address() + ":" + network.ports().http() + arguments[last]);
      return Running.start(network.onServer(command), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The processor time it has taken, of itself and of what it runs. */
  Duration cpu() {
    ProcessHandle started = server.handle();
    return Stream.concat(Stream.of(started), started.descendants())
        .flatMap(process -> process.info().totalCpuDuration().stream())
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** Waits until {@code fact} holds; {@code what} says what did not happen otherwise. */
  void await(String what, Duration limit, BooleanSupplier fact) {
    long end = System.nanoTime() + limit.toNanos();
    while (!fact.getAsBoolean()) {
      if (System.nanoTime() > end || !server.isAlive()) {
        fail(what + ": not within " + limit + "; the server said:\n" + server.output());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
