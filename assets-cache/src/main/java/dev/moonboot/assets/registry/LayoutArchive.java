package dev.moonboot.assets.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** A layout in a tar file, read in place: nothing is unpacked. */
final class LayoutArchive implements LayoutFiles {
  private final Path path;
  private final FileChannel file;
  private final Map<String, TarIndex.Entry> entries;

  private LayoutArchive(Path path, FileChannel file, Map<String, TarIndex.Entry> entries) {
    this.path = path;
    this.file = file;
    this.entries = entries;
  }

  /**
   * Opens the tar and notes where its entries are.
   *
   * @throws IOException when it cannot be read, or is not a tar
   */
  static LayoutArchive open(Path path) throws IOException {
    FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
    try {
      return new LayoutArchive(path, file, TarIndex.read(file));
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public Content open(String name) throws IOException {
    TarIndex.Entry entry = entries.get(name);
    if (entry == null) {
      throw new NoSuchFileException(path + " has no entry " + name);
    }
    return new Content(entry.size(), new Section(file, entry.offset(), entry.size()));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** A range of a file as a stream; the file itself stays open. */
  private static final class Section extends InputStream {
    private final FileChannel file;
    private final long end;
    private long at;

    Section(FileChannel file, long offset, long size) {
      this.file = file;
      this.at = offset;
      this.end = offset + size;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      int most = (int) Math.min(length, end - at);
      int count = most == 0 ? -1 : file.read(ByteBuffer.wrap(bytes, offset, most), at);
      at += Math.max(0, count);
      return count;
    }
  }
}
