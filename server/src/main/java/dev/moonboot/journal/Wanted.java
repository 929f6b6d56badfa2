package dev.moonboot.journal;

import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A file that a node was told to load, and how much of it was sent; guarded by the log. */
final class Wanted {
  private final String path;
  private final @Nullable Pattern pattern;
  private final boolean below;
  final Stage stage;
  private long bytes;
  private long size;
  private @Nullable Instant startedAt;
  private @Nullable Instant sentAt;
  private int running;

  /**
   * @param below whether a node may put folders before the path
   */
  Wanted(String path, Stage stage, boolean below) {
    this.path = path;
    this.stage = stage;
    this.below = below;
    this.pattern = path.contains("${") ? BootPaths.pattern(path) : null;
  }

  boolean is(String asked) {
    if (pattern != null) {
      return pattern.matcher(asked).matches();
    }
    return path.equals(asked) || (below && asked.endsWith("/" + path));
  }

  String path() {
    return path;
  }

  boolean isSent() {
    return sentAt != null;
  }

  boolean isStarted() {
    return startedAt != null;
  }

  boolean isRunning() {
    return running > 0;
  }

  long bytes() {
    return bytes;
  }

  long size() {
    return size;
  }

  void asked(long ofSize, Instant now) {
    running++;
    size = ofSize;
    startedAt = startedAt == null ? now : startedAt;
  }

  /** Counts what continues what came before: a part after a hole does not make it whole. */
  void sent(Sent part, Instant now) {
    running = Math.max(0, running - 1);
    if (part.bytes() <= 0) {
      return;
    }
    startedAt = startedAt == null ? now : startedAt;
    size = part.size();
    if (part.from() <= bytes) {
      bytes = Math.max(bytes, part.from() + part.bytes());
    }
    sentAt = sentAt == null && bytes >= size ? now : sentAt;
  }

  Boot.File seen() {
    return new Boot.File(path, bytes, size, startedAt, sentAt);
  }
}
