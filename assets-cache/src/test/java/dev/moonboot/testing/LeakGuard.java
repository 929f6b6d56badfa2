package dev.moonboot.testing;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that leaves platform threads, sockets or open files behind. Registered for
 * every test by {@code META-INF/services}; see {@code junit-platform.properties}.
 */
public final class LeakGuard implements BeforeAllCallback, AfterAllCallback {
  private static final ExtensionContext.Namespace HERE =
      ExtensionContext.Namespace.create(LeakGuard.class);

  /** Threads the JDK and libraries start once and keep for the life of the process. */
  private static final Set<String> PROCESS_WIDE =
      Set.of(
          "Attach Listener",
          "Cleaner-0",
          "Common-Cleaner",
          "DestroyJavaVM",
          "Finalizer",
          "JNA Cleaner",
          "Keep-Alive-Timer",
          "Notification Thread",
          "Read-Poller",
          "Reference Handler",
          "Signal Dispatcher",
          "VirtualThread-unblocker",
          "Write-Poller",
          "process reaper");

  private static final Set<String> PROCESS_WIDE_PREFIXES =
      Set.of(
          "ForkJoinPool",
          "HttpClient-", // ends when its client is collected
          "InnocuousThread",
          "Java2D",
          "MasterPoller",
          "Read-Poller",
          "Write-Poller",
          "VirtualThread-",
          "helidon-", // timers that Helidon keeps after its server has stopped
          "junit-",
          "ping-",
          "process reaper",
          "surefire-");

  private record Before(Set<String> threads, Set<String> files) {}

  @Override
  public void beforeAll(ExtensionContext context) {
    if (isOutermost(context)) {
      openWhatTheJdkKeeps();
      context.getStore(HERE).put(Before.class, new Before(threads(), descriptors()));
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (isOutermost(context)) {
      Before before = requireNonNull(context.getStore(HERE).get(Before.class, Before.class));
      assertNothingNew("threads", before.threads(), LeakGuard::threads);
      assertNothingNew("files", before.files(), LeakGuard::descriptors);
    }
  }

  /** Closing its first socket, the JDK makes one of its own that it keeps (UnixDispatcher). */
  private static void openWhatTheJdkKeeps() {
    try {
      new ServerSocket(0, 1, InetAddress.getLoopbackAddress()).close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOutermost(ExtensionContext context) {
    return context.getTestClass().map(type -> type.getEnclosingClass() == null).orElse(false);
  }

  /** What was just closed may take a moment to go; what is still there after that is a leak. */
  private static void assertNothingNew(String what, Set<String> before, Supplier<Set<String>> now) {
    Set<String> left = Set.of();
    for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5); System.nanoTime() < end; ) {
      left = new TreeSet<>(now.get());
      left.removeAll(before);
      if (left.isEmpty()) {
        return;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    List<String> told = left.stream().map(LeakGuard::told).toList();
    assertEquals(List.of(), told, what + " left behind by this test class");
  }

  /** What is left, for people: of a socket, what the kernel's tables say of it. */
  private static String told(String left) {
    int at = left.indexOf("socket:[");
    if (at < 0) {
      return left;
    }
    String inode = left.substring(at + "socket:[".length(), left.length() - 1);
    List<String> lines = new ArrayList<>();
    for (String table : List.of("tcp", "tcp6", "udp", "udp6", "unix", "netlink", "packet", "raw")) {
      try (Stream<String> rows = Files.lines(Path.of("/proc/self/net", table))) {
        rows.filter(row -> List.of(row.trim().split("\\s+", -1)).contains(inode))
            .forEach(row -> lines.add(table + " " + row.trim()));
      } catch (IOException | UncheckedIOException e) {
        lines.add(table + " cannot be read");
      }
    }
    return left + (lines.isEmpty() ? " (of no table of this network namespace)" : " " + lines);
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.isAlive() && !isProcessWide(thread.getName()))
        .map(thread -> thread.getName() + "#" + thread.threadId())
        .collect(Collectors.toSet());
  }

  private static boolean isProcessWide(String name) {
    return PROCESS_WIDE.contains(name) || PROCESS_WIDE_PREFIXES.stream().anyMatch(name::startsWith);
  }

  /** Sockets and files under temporary directories; jars and libraries may stay open. */
  private static Set<String> descriptors() {
    try (var entries = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      Set<String> open = new TreeSet<>();
      for (Path entry : entries) {
        String target = target(entry);
        if (target.startsWith("socket:")
            || target.startsWith(System.getProperty("java.io.tmpdir"))) {
          open.add(entry.getFileName() + " -> " + target);
        }
      }
      return open;
    } catch (IOException e) {
      return Set.of(); // not Linux: descriptors cannot be listed
    }
  }

  private static String target(Path entry) {
    try {
      return Files.readSymbolicLink(entry).toString();
    } catch (IOException e) {
      return ""; // closed meanwhile
    }
  }
}
