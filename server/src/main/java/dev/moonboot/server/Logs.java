package dev.moonboot.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** Where log lines go: to standard error, one line an event, as the service manager wants them. */
final class Logs {
  /** Held, because Java forgets the level of a logger that nobody holds. */
  private static final Logger OURS = Logger.getLogger("dev.moonboot");

  private Logs() {}

  /** Tells more or less of what the program itself says. */
  static void level(Level level) {
    OURS.setLevel(level);
  }

  /** Says nothing while {@code work} is done. */
  static <T> T silently(Supplier<T> work) {
    Level before = OURS.getLevel();
    OURS.setLevel(Level.OFF);
    try {
      return work.get();
    } finally {
      OURS.setLevel(before);
    }
  }

  /** Takes {@code logging.properties} of the program, unless the user named a file of their own. */
  static void configure() {
    System.setProperty("java.util.logging.manager", KeptLogs.class.getName());
    if (System.getProperty("java.util.logging.config.file") != null) {
      return;
    }
    KeptLogs.configuring(true);
    try (var in = Logs.class.getResourceAsStream("/logging.properties")) {
      LogManager.getLogManager().readConfiguration(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      KeptLogs.configuring(false);
    }
  }
}
