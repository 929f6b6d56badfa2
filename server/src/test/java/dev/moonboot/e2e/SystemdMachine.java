package dev.moonboot.e2e;

import static org.junit.jupiter.api.Assertions.fail;

import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The appliance's machine of a lab, with systemd as its first process and nothing installed. */
final class SystemdMachine implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final List<String> ENVIRONMENT =
      List.of("HOME=/root", "PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/moonboot");

  private final Path work;
  private final Running machine;

  private SystemdMachine(Path work, Running machine) {
    this.work = work;
    this.machine = machine;
  }

  /** What it takes, besides a lab. */
  static void required() {
    Requires.program("systemd-nspawn");
    Requires.that("root".equals(System.getProperty("user.name")), "systemd-nspawn needs root");
  }

  /**
   * Boots one.
   *
   * @param work an existing folder for logs
   */
  static SystemdMachine boot(Lab lab, Path work) {
    List<String> command =
        List.of(
            Script.SYSTEMD_MACHINE.path(),
            "moonboot",
            System.getProperty("java.home"),
            checkout().toString());
    Path log = work.resolve("machine.log");
    var machine = new SystemdMachine(work, Running.start(lab.onServer(command), log));
    machine.awaitUp();
    return machine;
  }

  /** This checkout, which it has under the same path. */
  static Path checkout() {
    return Script.ROOT.normalize();
  }

  /** Its systemd; none while it reboots. */
  private Optional<ProcessHandle> first() {
    return machine
        .handle()
        .descendants()
        .filter(process ->
            runs(process, "/systemd")
                && process.parent().filter(p -> runs(p, "-nspawn")).isPresent())
        .findFirst();
  }

  private static boolean runs(ProcessHandle process, String end) {
    return process.info().command().filter(program -> program.endsWith(end)).isPresent();
  }

  private void awaitUp() {
    await(
        "it has booted",
        () -> first().isPresent() && succeeds("systemctl is-active default.target"));
  }

  /** Starts it anew; its files stay. */
  void reboot() {
    long before = first().orElseThrow().pid();
    var _ = succeeds("systemctl reboot");
    await("it goes down", () -> first().filter(process -> process.pid() == before).isEmpty());
    awaitUp();
  }

  /** A file of it, under the name that this process has for it. */
  Path file(String path) {
    return Path.of("/proc/" + first().orElseThrow().pid() + "/root" + path);
  }

  /** Makes that its content, and the folder where it is missing. */
  void write(String path, String content) {
    try {
      Path file = file(path);
      Files.createDirectories(file.resolveSibling(""));
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a line of shell prints on it, run as root in the checkout; it must succeed. */
  String run(String line) {
    Ended ended = shell(line);
    if (ended.status() != 0) {
      throw new AssertionError(line + " failed:\n" + ended.output() + journal());
    }
    return ended.output().strip();
  }

  /** Whether a line of shell ends with 0. */
  boolean succeeds(String line) {
    return shell(line).status() == 0;
  }

  private record Ended(int status, String output) {}

  private Ended shell(String line) {
    long pid = first().map(ProcessHandle::pid).orElse(0L);
    List<String> command =
        new ArrayList<>(List.of("nsenter", "-t", Long.toString(pid), "-a", "env", "-i"));
    command.addAll(ENVIRONMENT);
    command.addAll(List.of("sh", "-ec", "cd '" + checkout() + "'; " + line));
    try {
      Path log = Files.createTempFile(work, "run", ".log");
      try (Running running = Running.start(command, log)) {
        return new Ended(running.exit(LIMIT), running.output());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the unit says of itself under that name (systemctl show). */
  String shows(String property) {
    return run("systemctl show --property=" + property + " --value moonboot");
  }

  /** What systemd and the service said of the unit. */
  String journal() {
    return shell("journalctl --unit=moonboot --output=cat --no-pager --boot").output();
  }

  /** Waits until {@code fact} holds; {@code what} says what did not happen otherwise. */
  void await(String what, BooleanSupplier fact) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!fact.getAsBoolean()) {
      if (System.nanoTime() > end || !machine.isAlive()) {
        fail(what + ": not within " + LIMIT + ":\n" + machine.output() + journal());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }

  /** Ends the script alone: it lets the machine go down and takes away what was made for it. */
  @Override
  public void close() {
    try (machine) {
      machine.handle().children().forEach(ProcessHandle::destroy);
      machine.exit(Duration.ofSeconds(60));
    }
  }
}
