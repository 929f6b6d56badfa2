package dev.moonboot.server;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * One log record as one line: time (UTC), level, what happened. Named in {@code
 * logging.properties}.
 *
 * <p>Control characters that a client may have put into a message are shown as {@code ?}, so that
 * nobody can write lines of their own into the log.
 */
public final class LogLine extends Formatter {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  @Override
  public String format(LogRecord event) {
    Throwable thrown = event.getThrown();
    return TIME.format(event.getInstant())
        + " "
        + level(event.getLevel().intValue())
        + " "
        + formatMessage(event).replaceAll("\\p{Cntrl}", "?")
        + (thrown == null ? "\n" : " error=\"" + summary(thrown) + "\"\n" + trace(thrown));
  }

  private static String level(int value) {
    if (value >= Level.SEVERE.intValue()) {
      return "ERROR";
    } else if (value >= Level.WARNING.intValue()) {
      return "WARN ";
    }
    return value >= Level.INFO.intValue() ? "INFO " : "DEBUG";
  }

  private static String summary(Throwable thrown) {
    StackTraceElement[] stack = thrown.getStackTrace();
    String at = stack.length == 0 ? "" : " at " + stack[0];
    return (thrown + at).replaceAll("\\p{Cntrl}", "?");
  }

  /** The whole stack only for who asked for it: the summary is on the line itself. */
  private static String trace(Throwable thrown) {
    if (System.getenv("MOONBOOT_DEBUG") == null) {
      return "";
    }
    var text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
