package dev.moonboot.release;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Held;
import dev.moonboot.assets.Refresh.Rejected;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Locale;

/** Says in the log what a look at a channel came to. */
final class RefreshLog {
  private static final System.Logger LOG = System.getLogger(RefreshLog.class.getName());

  private RefreshLog() {}

  /** One word for the outcome: {@code unchanged}, {@code updated}, {@code tag_missing} … */
  static String result(Refresh outcome) {
    return switch (outcome) {
      case Unchanged _ -> "unchanged";
      case Updated _ -> "updated";
      case Rejected _ -> "rejected";
      case Held _ -> "held";
      case Failed(var trouble, var _, var _) -> trouble.name().toLowerCase(Locale.ROOT);
    };
  }

  static void write(Channel channel, Refresh outcome, Duration took) {
    String line =
        "refresh channel=%s result=%s took_ms=%d "
            .formatted(channel.name(), result(outcome), took.toMillis());
    switch (outcome) {
      case Unchanged(var head) -> LOG.log(Level.DEBUG, line + "release=" + head.digest());
      case Updated(var head, var previous, var downloaded) ->
          LOG.log(
              Level.INFO,
              line
                  + "release=%s version=%s previous=%s downloaded=%d"
                      .formatted(
                          head.digest(),
                          head.version(),
                          previous == null ? "none" : previous,
                          downloaded));
      case Held(var digest, var caution, var why) ->
          LOG.log(
              Level.WARNING,
              line + "release=%s caution=%s reason=\"%s\"".formatted(digest, caution, why));
      case Rejected(var digest, var _, var why) ->
          LOG.log(Level.WARNING, line + "release=%s reason=\"%s\"".formatted(digest, why));
      case Failed(var _, var why, var _) ->
          LOG.log(Level.WARNING, line + "reason=\"%s\"".formatted(why));
    }
  }
}
