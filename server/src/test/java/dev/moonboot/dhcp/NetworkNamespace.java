package dev.moonboot.dhcp;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A network stack of its own, in this process: one thread has left for a new namespace
 * (unshare(2)), and what it opens or starts, threads and programs too, is there.
 */
@SuppressWarnings("restricted") // calling C is the point
final class NetworkNamespace implements AutoCloseable {
  private static final int CLONE_NEWNET = 0x40000000;

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("namespace").factory());

  private final int id;

  private NetworkNamespace() {
    boolean left = call(() -> c("unshare", CLONE_NEWNET) == 0);
    if (!left) {
      thread.shutdownNow();
    }
    Requires.that(left, "network namespaces cannot be made here: that takes root");
    id = call(() -> c("gettid", 0)); // which takes no argument, and does not mind one
    run("ip", "link", "set", "lo", "up");
  }

  /** A new one, in which there is only loopback. */
  static NetworkNamespace create() {
    Requires.program("ip");
    return new NetworkNamespace();
  }

  private static int c(String function, int argument) {
    Linker linker = Linker.nativeLinker();
    try {
      return (int)
          linker
              .downcallHandle(
                  linker.defaultLookup().findOrThrow(function),
                  FunctionDescriptor.of(JAVA_INT, JAVA_INT))
              .invokeExact(argument);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** By which programs know it. */
  String id() {
    return Integer.toString(id);
  }

  /** Does something there. */
  <T> T call(Callable<T> work) {
    try {
      return thread.submit(work).get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(e.getCause());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Runs a program there, which must succeed. */
  void run(String... command) {
    call(() -> {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (InputStream out = process.getInputStream()) {
        process.getOutputStream().close();
        String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
          throw new AssertionError(String.join(" ", command) + ": " + said);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return true;
    });
  }

  @Override
  public void close() {
    thread.close();
  }
}
