package dev.moonboot.assets.extract;

import java.util.Set;

/**
 * One member of a tar archive, as its headers have it.
 *
 * @param name not cleaned
 * @param link target of a symbolic or hard link, not cleaned; else empty
 * @param size of the body in bytes
 * @param mode the lower twelve bits
 * @param attributes names of extended attributes it has ({@code security.selinux})
 */
record TarEntry(String name, Kind kind, String link, long size, int mode, Set<String> attributes) {
  enum Kind {
    FILE("a regular file"),
    DIRECTORY("a directory"),
    SYMLINK("a symbolic link"),
    HARD_LINK("a hard link"),
    CHARACTER_DEVICE("a character device"),
    BLOCK_DEVICE("a block device"),
    FIFO("a fifo"),
    CONTIGUOUS("a contiguous file"),
    SPARSE("a sparse file"),
    UNKNOWN("an entry of unknown type");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }
}
