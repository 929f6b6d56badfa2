package dev.moonboot.http;

import dev.moonboot.journal.RateLimit;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One line an event, {@code event key=value key=value}. What a client sent cannot break a line or
 * flood the log: values are escaped and cut, and each kind of event passes at most so often.
 */
public final class EventLog {
  private static final int PER_SECOND =
      20; // with the bursts of all events, less than 1 MiB a minute
  private static final int BURST = 2000; // a whole rack may boot at once
  private static final int LONGEST = 512;

  private final System.Logger log;
  private final Map<String, RateLimit> limits = new ConcurrentHashMap<>();

  /** Writes to the log of {@code source}. */
  public EventLog(Class<?> source) {
    this.log = System.getLogger(source.getName());
  }

  public void debug(String event, String... pairs) {
    write(Level.DEBUG, event, pairs);
  }

  public void info(String event, String... pairs) {
    write(Level.INFO, event, pairs);
  }

  public void warning(String event, String... pairs) {
    write(Level.WARNING, event, pairs);
  }

  /** A fault of ours, with where it happened. */
  public void fault(String event, Throwable cause, String... pairs) {
    OptionalLong suppressed = pass(event);
    if (suppressed.isPresent()) {
      log.log(Level.ERROR, line(event, suppressed.getAsLong(), pairs), cause);
    }
  }

  private void write(Level level, String event, String... pairs) {
    if (log.isLoggable(level)) {
      pass(event).ifPresent(suppressed -> log.log(level, line(event, suppressed, pairs)));
    }
  }

  private OptionalLong pass(String event) {
    return limits
        .computeIfAbsent(event, _ -> new RateLimit(PER_SECOND, BURST, System::nanoTime))
        .pass();
  }

  /** One line, without a line end. */
  public static String line(String event, long suppressed, String... pairs) {
    StringBuilder line = new StringBuilder(event);
    for (int i = 0; i + 1 < pairs.length; i += 2) {
      line.append(' ').append(pairs[i]).append('=').append(escape(pairs[i + 1]));
    }
    return suppressed == 0 ? line.toString() : line.append(" suppressed=" + suppressed).toString();
  }

  /**
   * Quoted where it holds anything but plain printable ASCII; control characters as {@code
   * \\uXXXX}.
   */
  static String escape(String value) {
    String cut = value.length() <= LONGEST ? value : value.substring(0, LONGEST) + "...";
    if (!cut.isEmpty() && cut.chars().allMatch(EventLog::isPlain)) {
      return cut;
    }
    StringBuilder out = new StringBuilder("\"");
    cut.chars().forEach(c -> out.append(quoted((char) c)));
    return out.append('"').toString();
  }

  private static boolean isPlain(int c) {
    return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '=';
  }

  private static String quoted(char c) {
    if (c == '"' || c == '\\') {
      return "\\" + c;
    }
    return c < ' ' || c >= 0x7f ? "\\u%04x".formatted((int) c) : String.valueOf(c);
  }
}
