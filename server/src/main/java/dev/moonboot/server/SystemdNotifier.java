package dev.moonboot.server;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Tells systemd how we are (sd_notify(3)). Does nothing where no service manager asked for it.
 *
 * <p>Its socket is of a kind that Java has none of (datagrams over AF_UNIX), so three functions of
 * the C library are called.
 */
@SuppressWarnings("restricted") // calling C is the point; --enable-native-access allows it
final class SystemdNotifier {
  private static final System.Logger LOG = System.getLogger(SystemdNotifier.class.getName());

  private static final short AF_UNIX = 1;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 02000000;
  private static final int MAX_PATH = 107; // sun_path less its NUL (unix(7))

  private final String socket;
  private final Optional<Duration> watchdog;

  private SystemdNotifier(String socket, Optional<Duration> watchdog) {
    this.socket = socket;
    this.watchdog = watchdog;
  }

  /** What the environment says of it. */
  static SystemdNotifier of(Map<String, String> environment) {
    String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
    boolean ours =
        environment.getOrDefault("WATCHDOG_PID", "").matches("|" + ProcessHandle.current().pid());
    String micros = environment.getOrDefault("WATCHDOG_USEC", "");
    Optional<Duration> watchdog =
        ours && micros.matches("\\d{1,15}")
            ? Optional.of(Duration.ofNanos(Long.parseLong(micros) * 1000))
            : Optional.empty();
    return new SystemdNotifier(socket, watchdog);
  }

  /** How long it waits for a sign of life before it starts us again; empty when it does not. */
  Optional<Duration> watchdog() {
    return socket.isEmpty() ? Optional.empty() : watchdog;
  }

  /** Nodes are served from now on. */
  void ready(String status) {
    send("READY=1\nSTATUS=" + status);
  }

  /** We still run. */
  void alive() {
    send("WATCHDOG=1");
  }

  /** We are about to end. */
  void stopping() {
    send("STOPPING=1");
  }

  private void send(String message) {
    if (socket.isEmpty()) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      send(arena, message.getBytes(StandardCharsets.UTF_8));
    } catch (Throwable e) { // method handles declare it; a service must not end over this
      LOG.log(Level.WARNING, "notify socket=" + socket + " failed", e);
    }
  }

  private void send(Arena arena, byte[] message) throws Throwable {
    byte[] path = socket.getBytes(StandardCharsets.UTF_8);
    if (path.length > MAX_PATH) {
      throw new IllegalArgumentException("NOTIFY_SOCKET is too long: " + socket);
    }
    if (path[0] == '@') {
      path[0] = 0; // an abstract name
    }
    MemorySegment address = arena.allocate(2 + MAX_PATH + 1);
    address.set(ValueLayout.JAVA_SHORT, 0, AF_UNIX);
    MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, 2, path.length);
    MemorySegment text = arena.allocateFrom(ValueLayout.JAVA_BYTE, message);
    int fd =
        (int)
            function("socket", JAVA_INT, JAVA_INT, JAVA_INT).invokeExact(1, SOCK_DGRAM_CLOEXEC, 0);
    if (fd < 0) {
      throw new IllegalStateException("no socket");
    }
    try {
      long sent =
          (long) sendto().invokeExact(fd, text, (long) message.length, 0, address, 2 + path.length);
      if (sent != message.length) {
        throw new IllegalStateException("nobody takes it");
      }
    } finally {
      int _ = (int) function("close", JAVA_INT).invokeExact(fd);
    }
  }

  private static MethodHandle function(String name, ValueLayout.OfInt... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
  }

  private static MethodHandle sendto() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("sendto"),
        FunctionDescriptor.of(
            JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
  }
}
