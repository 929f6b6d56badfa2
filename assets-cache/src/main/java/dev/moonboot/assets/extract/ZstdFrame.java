package dev.moonboot.assets.extract;

import java.io.EOFException;
import java.io.IOException;

/**
 * Finds where a zstd frame ends without unpacking it, by its block headers (RFC 8878, section
 * 3.1.1). An initramfs holds one frame after the other with zeros between them, so a reader that
 * runs on behind the end will not do.
 */
final class ZstdFrame {
  private static final int MAGIC = 0xfd2fb528;
  private static final int SKIPPABLE = 0x184d2a50;
  private static final int[] DICTIONARY_ID = {0, 1, 2, 4};
  private static final int[] CONTENT_SIZE = {0, 2, 4, 8};

  private ZstdFrame() {}

  /**
   * The length of the frame at {@code at}, magic number and checksum included.
   *
   * @throws IOException when there is no whole frame
   */
  static long length(FileSlice file, long at) throws IOException {
    file.window(at, file.size() - at);
    int magic = (int) word(file, 4);
    if ((magic & 0xfffffff0) == SKIPPABLE) {
      return within(file, at, 8 + word(file, 4));
    }
    if (magic != MAGIC) {
      throw new IOException("no zstd frame");
    }
    int flags = (int) word(file, 1);
    boolean single = (flags & 0x20) != 0;
    int contentSize = CONTENT_SIZE[flags >> 6];
    skip(
        file,
        (single ? 0 : 1)
            + DICTIONARY_ID[flags & 3]
            + (single && contentSize == 0 ? 1 : contentSize));
    for (boolean last = false; !last; ) {
      int header = (int) word(file, 3);
      last = (header & 1) != 0;
      int type = header >> 1 & 3;
      if (type == 3) {
        throw new IOException("a zstd frame with a block of a reserved type");
      }
      skip(file, type == 1 ? 1 : header >> 3); // type 1 repeats one byte
    }
    skip(file, (flags & 4) == 0 ? 0 : 4);
    return file.position() - at;
  }

  private static long within(FileSlice file, long at, long length) throws IOException {
    if (at + length > file.size()) {
      throw new EOFException("a zstd frame is cut off");
    }
    return length;
  }

  private static void skip(FileSlice file, long count) throws IOException {
    if (file.skip(count) < count) {
      throw new EOFException("a zstd frame is cut off");
    }
  }

  private static long word(FileSlice file, int bytes) throws IOException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      int b = file.read();
      if (b < 0) {
        throw new EOFException("a zstd frame is cut off");
      }
      value |= (long) b << (8 * i);
    }
    return value;
  }
}
