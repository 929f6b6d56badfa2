package dev.moonboot.assets.squashfs;

import java.util.Arrays;

/** Where the bytes of a file stand in an image. Complete when the blocks are written. */
final class FileData {
  static final int NO_FRAGMENT = -1;

  private final long size;
  private final int[] blocks;
  private final int fragment;
  private final int offset;
  private long start;

  private FileData(long size, int blocks, int fragment, int offset) {
    this.size = size;
    this.blocks = new int[blocks];
    this.fragment = fragment;
    this.offset = offset;
  }

  /** In blocks of its own. */
  static FileData ofBlocks(long size, int count) {
    return new FileData(size, count, NO_FRAGMENT, 0);
  }

  /**
   * In a block that it shares with others.
   *
   * @param offset in the unpacked block
   */
  static FileData ofFragment(int size, int fragment, int offset) {
    return new FileData(size, 0, fragment, offset);
  }

  void block(int index, long position, int packedSize) {
    if (index == 0) {
      start = position;
    }
    blocks[index] = packedSize;
  }

  long size() {
    return size;
  }

  /** Where the first block begins; 0 without blocks. */
  long start() {
    return start;
  }

  /** The packed sizes of its blocks, which follow one another. */
  int[] blocks() {
    return Arrays.copyOf(blocks, blocks.length);
  }

  /** The number of the shared block, or {@link #NO_FRAGMENT}. */
  int fragment() {
    return fragment;
  }

  int offset() {
    return offset;
  }
}
