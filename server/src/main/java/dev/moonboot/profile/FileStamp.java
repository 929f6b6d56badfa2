package dev.moonboot.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What tells one version of a file from another without reading it. A file that was changed twice
 * within the clock's tick of its file system looks the same, so a stamp is only trusted once it is
 * older than that ({@link #isSettled}).
 */
record FileStamp(long modifiedNanos, long size, @Nullable Object key, boolean isFile) {
  /** Two seconds: the coarsest clock of file systems in use (FAT; NFS and ext3 have one). */
  private static final Duration TICK = Duration.ofSeconds(2);

  /** Of no file at all. */
  static final FileStamp NONE = new FileStamp(0, 0, null, false);

  /** The stamp of a file, or of what a symbolic link leads to. */
  static FileStamp of(Path file) throws IOException {
    BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
    return new FileStamp(
        now.lastModifiedTime().to(TimeUnit.NANOSECONDS),
        now.size(),
        now.fileKey(),
        now.isRegularFile());
  }

  /** True when the file, read at {@code when}, cannot have changed since without showing it. */
  boolean isSettled(Instant when) {
    Instant modified = Instant.EPOCH.plusNanos(modifiedNanos);
    return Duration.between(modified, when).abs().compareTo(TICK) > 0;
  }
}
