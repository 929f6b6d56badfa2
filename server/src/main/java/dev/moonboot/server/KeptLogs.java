package dev.moonboot.server;

import java.util.logging.LogManager;

/**
 * Java's own log manager takes all handlers away as soon as the process is told to end, and what is
 * done to end it well would not be seen in the log.
 */
public final class KeptLogs extends LogManager {
  private static volatile boolean configuring;

  /** Called by the JDK, by the name that {@link Logs} sets. */
  public KeptLogs() {}

  static void configuring(boolean now) {
    configuring = now;
  }

  @Override
  public void reset() {
    if (configuring) {
      super.reset();
    }
  }
}
