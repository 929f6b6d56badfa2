package dev.moonboot.assets.extract;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * A window on a file that can be set anywhere and read front to back. Counts what it has given out,
 * so that one can tell where a reader of one stream stopped. A fault of the disk is an {@link
 * UncheckedIOException}.
 */
final class FileSlice extends InputStream {
  private final FileInputStream file;
  private final long size;
  private final byte[] buffer = new byte[64 << 10];
  private int at;
  private int filled;
  private long position;
  private long end;

  private FileSlice(FileInputStream file) throws IOException {
    this.file = file;
    this.size = file.getChannel().size();
    this.end = size;
  }

  static FileSlice of(Path path) throws IOException {
    return new FileSlice(new FileInputStream(path.toFile()));
  }

  /** Of the whole file. */
  long size() {
    return size;
  }

  /** Of the next byte in the file. */
  long position() {
    return position;
  }

  /** Goes on reading at {@code from}, for {@code length} bytes. */
  void window(long from, long length) {
    end = Math.min(size, from + length);
    long ahead = from - position;
    if (ahead >= 0 && ahead <= filled - at) {
      at += (int) ahead;
    } else {
      at = 0;
      filled = 0;
      seek(from);
    }
    position = from;
  }

  private void seek(long to) {
    try {
      file.getChannel().position(to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int read() {
    if (position >= end || !fill()) {
      return -1;
    }
    position++;
    return Byte.toUnsignedInt(buffer[at++]);
  }

  @Override
  public int read(byte[] out, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    if (position >= end || !fill()) {
      return -1;
    }
    int count = (int) Math.min(Math.min(length, filled - at), end - position);
    System.arraycopy(buffer, at, out, offset, count);
    at += count;
    position += count;
    return count;
  }

  @Override
  public long skip(long count) {
    long step = Math.max(0, Math.min(count, end - position));
    window(position + step, end - position - step);
    return step;
  }

  private boolean fill() {
    if (at < filled) {
      return true;
    }
    try {
      filled = Math.max(0, file.read(buffer, 0, buffer.length));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    at = 0;
    return filled > 0;
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
