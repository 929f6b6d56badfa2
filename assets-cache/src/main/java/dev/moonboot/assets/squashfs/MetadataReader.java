package dev.moonboot.assets.squashfs;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A table of an image: blocks of up to 8 KiB, of which the last few read stay unpacked. */
final class MetadataReader {
  private static final int BLOCK = 8192;
  private static final int UNPACKED = 0x8000;
  private static final int KEPT = 32;

  private static final class Block {
    private final byte[] bytes;
    private final int length;
    private final long next;

    private Block(byte[] bytes, int length, long next) {
      this.bytes = bytes;
      this.length = length;
      this.next = next;
    }
  }

  private final ImageRegion region;
  private final BlockDecompressor decompressor;
  private final long start;
  private final long end;
  private final Map<Long, Block> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Block> eldest) {
          return size() > KEPT;
        }
      };

  /**
   * @param start where its first block begins, in the image
   * @param end where what follows the table begins
   */
  MetadataReader(ImageRegion region, BlockDecompressor decompressor, long start, long end) {
    this.region = region;
    this.decompressor = decompressor;
    this.start = start;
    this.end = end;
  }

  /**
   * Reads from a place on.
   *
   * @param block where a block begins, from the table's start
   * @param offset in the unpacked block
   */
  Cursor at(long block, int offset) throws IOException {
    return new Cursor(start + block, offset);
  }

  private Block block(long at) throws IOException {
    Block known = kept.get(at);
    if (known == null) {
      known = unpacked(at);
      kept.put(at, known);
    }
    return known;
  }

  private Block unpacked(long at) throws IOException {
    if (at < start || at > end - 2) {
      throw new SquashfsException("the squashfs image points out of a table");
    }
    int header = Short.toUnsignedInt(region.bytes(at, 2).getShort(0));
    int length = header & (UNPACKED - 1);
    long next = at + 2 + length;
    if (length == 0 || length > BLOCK || next > end) {
      throw new SquashfsException("a table of the squashfs image is damaged");
    }
    byte[] packed = new byte[length];
    region.read(at + 2, packed, length);
    if ((header & UNPACKED) != 0) {
      return new Block(packed, length, next);
    }
    byte[] bytes = new byte[BLOCK];
    int count = decompressor.unpack(packed, length, bytes);
    if (count == 0) {
      throw new SquashfsException("a table of the squashfs image has an empty block");
    }
    return new Block(bytes, count, next);
  }

  /** A place in the table that moves on with what is read; numbers come low byte first. */
  final class Cursor {
    private long at;
    private Block block;
    private int offset;

    private Cursor(long at, int offset) throws IOException {
      this.at = at;
      this.block = MetadataReader.this.block(at);
      this.offset = offset;
      if (offset > block.length) {
        throw new SquashfsException("the squashfs image points out of a table's block");
      }
    }

    /** Where the block that it is in begins, from the table's start. */
    long block() {
      return at - start;
    }

    /** Where it is in that, unpacked. */
    int offset() {
      return offset;
    }

    private int next() throws IOException {
      if (offset == block.length) {
        at = block.next;
        block = MetadataReader.this.block(at);
        offset = 0;
      }
      return Byte.toUnsignedInt(block.bytes[offset++]);
    }

    int u16() throws IOException {
      return next() | next() << 8;
    }

    /** As a signed number. */
    int i32() throws IOException {
      return u16() | u16() << 16;
    }

    long u32() throws IOException {
      return Integer.toUnsignedLong(i32());
    }

    /** As a signed number: what has the highest bit is out of all bounds. */
    long i64() throws IOException {
      return u32() | u32() << 32;
    }

    byte[] bytes(int count) throws IOException {
      byte[] bytes = new byte[count];
      for (int i = 0; i < count; i++) {
        bytes[i] = (byte) next();
      }
      return bytes;
    }

    void skip(int count) throws IOException {
      for (int i = 0; i < count; i++) {
        next();
      }
    }
  }
}
