package dev.moonboot.profile;

import dev.moonboot.assets.Digest;
import org.jspecify.annotations.Nullable;

/** What became of a wish to change a file that nodes are configured by. */
public sealed interface ConfigWritten {
  /**
   * It is written, byte for byte, and lasts.
   *
   * @param version digest of its bytes
   * @param created true when there was none before
   * @param problem why nodes do not get it yet, for people: it is no template that can be parsed,
   *     and the last good version stays in force; null when it is in force
   */
  record Put(Digest version, boolean created, @Nullable String problem) implements ConfigWritten {}

  /** It is gone. */
  record Deleted() implements ConfigWritten {}

  /** There was nothing to delete. */
  record Missing() implements ConfigWritten {}

  /** It may not be written as it is; nothing changed. */
  record Refused(String why) implements ConfigWritten {}

  /**
   * What is there is not what the order expects; nothing changed.
   *
   * @param version what is there; null when there is none
   */
  record Stale(@Nullable Digest version) implements ConfigWritten {}

  /** The disk did not take it; what was in force before still is. */
  record Failed(String why) implements ConfigWritten {}
}
