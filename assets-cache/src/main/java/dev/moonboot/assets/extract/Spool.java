package dev.moonboot.assets.extract;

import dev.moonboot.assets.tree.TreeNode;
import java.io.BufferedOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * Contents of many files, one behind the other in one file. They can be read once it is closed, for
 * as long as the file is there. A fault of the disk is an {@link UncheckedIOException}.
 */
public final class Spool implements AutoCloseable {
  /** So much room is asked for at a time. */
  private static final long STEP = 32 << 20;

  private final Path path;
  private final LongConsumer needRoom;
  private final OutputStream out;
  private final byte[] buffer = new byte[64 << 10];
  private long size;
  private long granted;

  /** Creates the file, or empties it. */
  public Spool(Path path) {
    this(path, _ -> {});
  }

  /**
   * As {@link #Spool(Path)}.
   *
   * @param needRoom told how many bytes are about to be written; throws when there is no room
   */
  Spool(Path path, LongConsumer needRoom) {
    this.path = path;
    this.needRoom = needRoom;
    try {
      this.out = new BufferedOutputStream(new FileOutputStream(path.toFile()), HashedFile.BUFFER);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In bytes, so far. */
  long size() {
    return size;
  }

  /** Adds all of {@code in}. */
  public TreeNode.Content add(InputStream in) {
    long from = size;
    try {
      for (int count; (count = in.read(buffer, 0, buffer.length)) >= 0; size += count) {
        Interruption.check();
        grant(count);
        out.write(buffer, 0, count);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Piece(path, from, size - from);
  }

  private void grant(int count) {
    if (size + count > granted) {
      needRoom.accept(STEP);
      granted += STEP;
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Piece(Path path, long from, long size) implements TreeNode.Content {
    @Override
    public InputStream open() throws IOException {
      FileInputStream file = new FileInputStream(path.toFile());
      try {
        file.getChannel().position(from);
        return new PieceInput(file, size);
      } catch (IOException e) {
        file.close();
        throw e;
      }
    }
  }

  private static final class PieceInput extends BulkInput {
    private final FileInputStream file;
    private long left;

    PieceInput(FileInputStream file, long size) {
      this.file = file;
      this.left = size;
    }

    @Override
    public int read(byte[] out, int offset, int length) throws IOException {
      if (length == 0 || left == 0) {
        return length == 0 ? 0 : -1;
      }
      Interruption.check();
      int count = file.read(out, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw new IOException("the spool file has been cut short");
      }
      left -= count;
      return count;
    }

    @Override
    public long skip(long count) throws IOException {
      long step = Math.max(0, Math.min(count, left));
      file.getChannel().position(file.getChannel().position() + step);
      left -= step;
      return step;
    }

    @Override
    public int available() {
      return (int) Math.min(Integer.MAX_VALUE, left);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
