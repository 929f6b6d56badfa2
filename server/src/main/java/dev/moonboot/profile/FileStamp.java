package dev.moonboot.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What tells one version of a file from another without reading it. A file that was changed twice
 * within the clock's tick of its file system looks the same, so a stamp is only trusted once it is
 * older than that ({@link #isSettled}).
 */
record FileStamp(FileTime modified, long size, @Nullable Object key, boolean isFile) {
  /** Two seconds: the coarsest clock of file systems in use (FAT; NFS and ext3 have one). */
  private static final Duration TICK = Duration.ofSeconds(2);

  /** Of no file at all. */
  static final FileStamp NONE = new FileStamp(FileTime.fromMillis(0), 0, null, false);

  /** The stamp of a file, or of what a symbolic link leads to. */
  static FileStamp of(Path file) throws IOException {
    BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
    return new FileStamp(now.lastModifiedTime(), now.size(), now.fileKey(), now.isRegularFile());
  }

  /** True when the file, read at {@code when}, cannot have changed since without showing it. */
  boolean isSettled(Instant when) {
    return Duration.between(modified.toInstant(), when).abs().compareTo(TICK) > 0;
  }
}
