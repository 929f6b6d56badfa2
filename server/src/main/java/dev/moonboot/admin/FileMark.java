package dev.moonboot.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What tells one version of a file from another without reading it.
 *
 * @param settled false when it could change again without showing it: it was read within two
 *     seconds of its change, and clocks of file systems are no finer than that
 */
record FileMark(Instant modified, long size, @Nullable Object key, boolean settled) {
  /** Of no file. */
  static final FileMark NONE = new FileMark(Instant.EPOCH, -1, null, true);

  private static final Duration TICK = Duration.ofSeconds(2);

  static FileMark of(Path file) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      Instant modified = now.lastModifiedTime().toInstant();
      boolean settled = Duration.between(modified, Instant.now()).abs().compareTo(TICK) > 0;
      return new FileMark(modified, now.size(), now.fileKey(), settled);
    } catch (IOException e) {
      return NONE;
    }
  }

  /** True when the file may have changed since this mark was taken. */
  boolean isOutdated(FileMark now) {
    return !settled || !equals(now);
  }
}
