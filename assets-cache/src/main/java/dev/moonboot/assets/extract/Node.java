package dev.moonboot.assets.extract;

/** What one layer has under a path. */
sealed interface Node {
  /** A regular file. */
  record File(long size, Captured content) implements Node {}

  record Directory() implements Node {}

  /** A symbolic link; its target as written. */
  record Symlink(String target) implements Node {}

  /** A hard link; its target as written, a path from the archive's root. */
  record HardLink(String target) implements Node {}

  /** Something that is never a boot file. */
  record Special(TarEntry.Kind kind) implements Node {}
}
