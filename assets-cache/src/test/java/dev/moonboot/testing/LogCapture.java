package dev.moonboot.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What is logged while this is open. */
public final class LogCapture extends Handler implements AutoCloseable {
  private final Logger logger;
  private final List<LogRecord> records = new CopyOnWriteArrayList<>();

  public LogCapture(Class<?> source) {
    this(source.getName());
  }

  /** What a package and all below it log. */
  public LogCapture(String source) {
    logger = Logger.getLogger(source);
    logger.addHandler(this);
  }

  /** The messages so far at {@code least} or above. */
  public List<String> messages(Level least) {
    return records.stream()
        .filter(r -> r.getLevel().intValue() >= least.intValue())
        .map(new SimpleFormatter()::formatMessage)
        .toList();
  }

  @Override
  public void publish(LogRecord record) {
    records.add(record);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}
