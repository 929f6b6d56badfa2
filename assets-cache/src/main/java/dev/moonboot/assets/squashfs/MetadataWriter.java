package dev.moonboot.assets.squashfs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A table of an image: blocks of 8 KiB, each packed behind two bytes that say how long it is. The
 * table stays in memory until it is written: some 40 bytes a file.
 */
final class MetadataWriter {
  private static final int BLOCK = 8192;
  private static final int UNPACKED = 0x8000;

  private final BlockCompressor compressor;
  private final ByteBuffer packed;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<Integer> blocks = new ArrayList<>();
  private final byte[] block = new byte[BLOCK];
  private int filled;

  /**
   * @param packed room for a block, which all tables may share
   */
  MetadataWriter(BlockCompressor compressor, ByteBuffer packed) {
    this.compressor = compressor;
    this.packed = packed;
  }

  /** Room for {@code size} bytes of an entry, in the order of bytes of the format. */
  static ByteBuffer entry(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Where the next byte goes: where its block begins in the packed table, and from bit 15 down its
   * place in the unpacked block.
   */
  long position() {
    return (long) out.size() << 16 | filled;
  }

  /** Adds what was put into {@code entry}. */
  void add(ByteBuffer entry) throws IOException {
    entry.flip();
    while (entry.hasRemaining()) {
      int part = Math.min(BLOCK - filled, entry.remaining());
      entry.get(block, filled, part);
      filled += part;
      if (filled == BLOCK) {
        endBlock();
      }
    }
  }

  private void endBlock() throws IOException {
    blocks.add(out.size());
    if (compressor.pack(block, filled, packed)) {
      byte[] bytes = new byte[packed.remaining()];
      packed.get(bytes);
      put(bytes.length, bytes, bytes.length);
    } else {
      put(filled | UNPACKED, block, filled);
    }
    filled = 0;
  }

  private void put(int header, byte[] bytes, int length) {
    out.write(header);
    out.write(header >> 8);
    out.write(bytes, 0, length);
  }

  /** Ends the table and writes it; returns where it begins. */
  long writeTo(ImageFile file) throws IOException {
    if (filled > 0) {
      endBlock();
    }
    long start = file.position();
    file.append(out.toByteArray());
    return start;
  }

  /** The same, and a list behind it of where each block begins; returns where the list does. */
  long writeIndexedTo(ImageFile file) throws IOException {
    long start = writeTo(file);
    ByteBuffer index = entry(Long.BYTES * blocks.size());
    blocks.forEach(at -> index.putLong(start + at));
    long position = file.position();
    file.append(index.flip());
    return position;
  }
}
