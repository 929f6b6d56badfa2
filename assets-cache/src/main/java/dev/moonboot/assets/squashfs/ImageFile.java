package dev.moonboot.assets.squashfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The file an image is written to, front to back. */
final class ImageFile {
  private final FileChannel file;
  private long position;

  ImageFile(FileChannel file, long position) {
    this.file = file;
    this.position = position;
  }

  /** Where the next bytes will stand. */
  long position() {
    return position;
  }

  void append(ByteBuffer bytes) throws IOException {
    int length = bytes.remaining();
    put(position, bytes);
    position += length;
  }

  void append(byte[] bytes) throws IOException {
    append(ByteBuffer.wrap(bytes));
  }

  void put(long at, ByteBuffer bytes) throws IOException {
    long to = at;
    while (bytes.hasRemaining()) {
      to += file.write(bytes, to);
    }
  }
}
