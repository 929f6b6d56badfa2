package dev.moonboot.assets.squashfs;

import java.util.Arrays;
import java.util.Optional;

/** What kernels of Talos unpack; the format knows more (kernel doc, filesystems/squashfs). */
public enum SquashfsCompression {
  XZ(4),
  ZSTD(6);

  private final int id;

  SquashfsCompression(int id) {
    this.id = id;
  }

  /** As the superblock has it. */
  public int id() {
    return id;
  }

  /** By the superblock's number; empty for one that kernels of Talos do not unpack. */
  public static Optional<SquashfsCompression> of(int id) {
    return Arrays.stream(values()).filter(one -> one.id == id).findFirst();
  }
}
