package dev.moonboot.assets.squashfs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where the contents of an image's files come from, for as long as its tree is used. Each reader
 * opens the file for itself; the shared block that was unpacked last is kept for all, since files
 * that are read one after the other mostly stand in the same.
 */
final class DataReader {
  private static final int UNPACKED = 1 << 24;
  private static final int SIZE = UNPACKED - 1;

  /** Where a shared block stands. */
  record Fragment(long position, int size) {}

  private static final class Unpacked {
    private final int fragment;
    private final byte[] bytes;

    private Unpacked(int fragment, byte[] bytes) {
      this.fragment = fragment;
      this.bytes = bytes;
    }
  }

  private final Path file;
  private final long offset;
  private final Superblock superblock;
  private final SquashfsCompression compression;
  private final Fragment[] fragments;
  private final AtomicReference<@Nullable Unpacked> last = new AtomicReference<>();

  DataReader(
      Path file,
      long offset,
      Superblock superblock,
      SquashfsCompression compression,
      Fragment[] fragments) {
    this.file = file;
    this.offset = offset;
    this.superblock = superblock;
    this.compression = compression;
    this.fragments = fragments.clone();
  }

  ImageRegion open() throws IOException {
    return ImageRegion.open(file, offset, superblock.bytesUsed());
  }

  int blockSize() {
    return superblock.blockSize();
  }

  BlockDecompressor decompressor() {
    return BlockDecompressor.of(compression, blockSize());
  }

  MetadataReader inodes(ImageRegion region, BlockDecompressor decompressor) {
    return new MetadataReader(
        region, decompressor, superblock.inodeTable(), superblock.directoryTable());
  }

  /** A shared block, unpacked. */
  byte[] fragment(int number, ImageRegion region, BlockDecompressor decompressor)
      throws IOException {
    Unpacked known = last.get();
    if (known != null && known.fragment == number) {
      return known.bytes;
    }
    byte[] room = new byte[blockSize()];
    Fragment fragment = fragments[number];
    int length = block(fragment.position, fragment.size, room, region, decompressor);
    byte[] bytes = Arrays.copyOf(room, length);
    last.set(new Unpacked(number, bytes));
    return bytes;
  }

  /** How many bytes of the image a block of this size takes. */
  static int packedSize(int size) {
    return size & SIZE;
  }

  /**
   * Unpacks a block of data into the front of {@code out}; returns how many bytes it has.
   *
   * @param size as the image has it: with the bit of a block that is not packed
   */
  int block(long position, int size, byte[] out, ImageRegion region, BlockDecompressor decompressor)
      throws IOException {
    int length = packedSize(size);
    if (length == 0 || length > out.length || size < 0 || size > (UNPACKED | SIZE)) {
      throw new SquashfsException("a block of a file in the squashfs image has an impossible size");
    }
    if ((size & UNPACKED) != 0) {
      region.read(position, out, length);
      return length;
    }
    byte[] packed = new byte[length];
    region.read(position, packed, length);
    return decompressor.unpack(packed, length, out);
  }
}
