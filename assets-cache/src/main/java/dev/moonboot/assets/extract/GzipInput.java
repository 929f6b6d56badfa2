package dev.moonboot.assets.extract;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads gzip (RFC 1952), strictly: every member to its end, each CRC and length checked, and
 * nothing between or behind members. The JDK's own reader passes over garbage at the end.
 */
final class GzipInput extends BulkInput {
  private static final int MAX_HEADER_TEXT = 64 << 10;
  private static final int HAS_CRC = 2;
  private static final int HAS_EXTRA = 4;
  private static final int HAS_NAME = 8;
  private static final int HAS_COMMENT = 16;
  private static final int RESERVED = 0xe0;

  private final InputStream in;
  private final boolean oneMember;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final CRC32 headerCrc = new CRC32();
  private final byte[] buffer;
  private int at;
  private int end;
  private long consumed;
  private boolean ended;

  /**
   * @param oneMember end with the first member; {@link #consumed()} then says where that was
   */
  GzipInput(InputStream in, boolean oneMember) throws IOException {
    this.in = in;
    this.oneMember = oneMember;
    this.buffer = new byte[64 << 10];
    header();
  }

  /** Packed bytes that belong to what was read so far; bytes read ahead do not count. */
  long consumed() {
    return consumed - (end - at);
  }

  @Override
  public int read(byte[] out, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      int count = inflate(out, offset, length);
      if (count > 0) {
        crc.update(out, offset, count);
        return count;
      }
      if (inflater.finished()) {
        endMember();
      }
    }
    return -1;
  }

  private int inflate(byte[] out, int offset, int length) throws IOException {
    if (inflater.needsInput() && !inflater.finished()) {
      if (at == end && !fill()) {
        throw new EOFException("gzip data is cut off");
      }
      inflater.setInput(buffer, at, end - at);
    }
    try {
      int count = inflater.inflate(out, offset, length);
      at = end - inflater.getRemaining();
      if (inflater.needsDictionary()) {
        throw new IOException("gzip data wants a preset dictionary");
      }
      return count;
    } catch (DataFormatException e) {
      throw new IOException("gzip data is damaged: " + e.getMessage(), e);
    }
  }

  private void endMember() throws IOException {
    if (word() != crc.getValue()) {
      throw new IOException("gzip data has the wrong CRC");
    }
    if (word() != (inflater.getBytesWritten() & 0xffff_ffffL)) {
      throw new IOException("gzip data has the wrong length");
    }
    if (oneMember || (at == end && !fill())) {
      ended = true;
      return;
    }
    inflater.reset();
    crc.reset();
    header();
  }

  private void header() throws IOException {
    headerCrc.reset();
    if (next() != 0x1f || next() != 0x8b) {
      throw new IOException("bytes behind the gzip data that are no gzip member");
    }
    int method = next();
    int flags = next();
    if (method != 8 || (flags & RESERVED) != 0) {
      throw new IOException("gzip header of an unknown kind");
    }
    skip(6); // time, extra flags, system
    if ((flags & HAS_EXTRA) != 0) {
      skip(next() | next() << 8);
    }
    if ((flags & HAS_NAME) != 0) {
      skipText();
    }
    if ((flags & HAS_COMMENT) != 0) {
      skipText();
    }
    if ((flags & HAS_CRC) != 0) {
      int expected = (int) headerCrc.getValue() & 0xffff;
      if ((next() | next() << 8) != expected) {
        throw new IOException("gzip header with the wrong CRC");
      }
    }
  }

  private void skipText() throws IOException {
    for (int i = 0; i < MAX_HEADER_TEXT; i++) {
      if (next() == 0) {
        return;
      }
    }
    throw new IOException("gzip header with a text of more than 64 KiB");
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      next();
    }
  }

  private long word() throws IOException {
    return next() | next() << 8 | next() << 16 | (long) next() << 24;
  }

  private int next() throws IOException {
    if (at == end && !fill()) {
      throw new EOFException("gzip data is cut off");
    }
    int value = Byte.toUnsignedInt(buffer[at++]);
    headerCrc.update(value);
    return value;
  }

  private boolean fill() throws IOException {
    int count = in.read(buffer, 0, buffer.length);
    at = 0;
    end = Math.max(0, count);
    consumed += end;
    return count > 0;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
