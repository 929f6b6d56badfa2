package dev.moonboot.server;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;

/** Parts that are stopped at the same time, because each may wait for what still runs in it. */
final class Together implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Together.class.getName());

  private final List<AutoCloseable> parts = new ArrayList<>();

  synchronized void add(AutoCloseable part) {
    parts.add(part);
  }

  @Override
  public synchronized void close() {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      parts.forEach(part -> threads.execute(() -> close(part)));
    }
    parts.clear();
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) { // one that cannot stop must not keep the others running
      LOG.log(Level.ERROR, "stop failed", e);
    }
  }
}
