package dev.moonboot.assets.squashfs;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The part of a file that is an image. */
final class ImageRegion implements Closeable {
  private final FileChannel file;
  private final long offset;
  private final long length;

  private ImageRegion(FileChannel file, long offset, long length) {
    this.file = file;
    this.offset = offset;
    this.length = length;
  }

  static ImageRegion open(Path path, long offset, long length) throws IOException {
    return new ImageRegion(FileChannel.open(path, StandardOpenOption.READ), offset, length);
  }

  long length() {
    return length;
  }

  /**
   * The bytes from {@code at} on, which come in the format's order.
   *
   * @throws SquashfsException when the image ends before
   */
  ByteBuffer bytes(long at, int count) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    read(at, in.array(), count);
    return in;
  }

  /** The same, into the front of {@code bytes}. */
  void read(long at, byte[] bytes, int count) throws IOException {
    if (at < 0 || at > length || count > length - at) {
      throw new SquashfsException("the squashfs image is cut off, or points behind its end");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, 0, count);
    for (long from = offset + at; in.hasRemaining(); ) {
      int got = file.read(in, from);
      if (got < 0) {
        throw new SquashfsException("the squashfs image is cut off");
      }
      from += got;
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
