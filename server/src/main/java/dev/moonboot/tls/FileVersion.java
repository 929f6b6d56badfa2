package dev.moonboot.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What tells one version of a file from another without reading it. */
record FileVersion(@Nullable FileTime modified, long size, @Nullable Object key) {
  /** Of no file, or one that cannot be looked at. */
  private static final FileVersion NONE = new FileVersion(null, -1, null);

  static List<FileVersion> of(Collection<Path> files) {
    return files.stream().map(FileVersion::of).toList();
  }

  private static FileVersion of(Path file) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return new FileVersion(now.lastModifiedTime(), now.size(), now.fileKey());
    } catch (IOException e) {
      return NONE;
    }
  }
}
