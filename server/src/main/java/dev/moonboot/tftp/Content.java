package dev.moonboot.tftp;

import dev.moonboot.release.Served;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The bytes of one transfer, fixed when it begins: an open file stays the same file when its name
 * goes to another or is removed.
 */
sealed interface Content extends AutoCloseable {
  /** How many bytes there are. */
  long size();

  /**
   * Appends {@code length} bytes from {@code offset} on to {@code into}.
   *
   * @throws IOException when the disk fails, or the file has become shorter
   */
  void copy(long offset, int length, ByteBuf into) throws IOException;

  @Override
  void close();

  /** A text in memory. */
  record Text(ByteBuffer bytes) implements Content {
    @Override
    public long size() {
      return bytes.remaining();
    }

    @Override
    public void copy(long offset, int length, ByteBuf into) {
      into.writeBytes(bytes.slice((int) offset, length));
    }

    @Override
    public void close() {}
  }

  /**
   * An open file, read in pieces of 64 KiB. Not mapped: mapped pages would count as memory of this
   * process, and a file cut short under a mapping kills its reader.
   */
  final class OpenFile implements Content {
    /** Enough for the largest block, and forty of the usual ones. */
    private static final int PIECE = 64 * 1024;

    private final FileChannel file;
    private final long size;
    private final Served.Use use;
    private ByteBuf piece = Unpooled.EMPTY_BUFFER;
    private long pieceAt;

    private OpenFile(FileChannel file, long size, Served.Use use) {
      this.file = file;
      this.size = size;
      this.use = use;
    }

    /**
     * Opens {@code path} for reading. May wait for the disk.
     *
     * @param use closed with the file, once it is open
     */
    static OpenFile of(Path path, Served.Use use) throws IOException {
      FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
      try {
        return new OpenFile(file, file.size(), use);
      } catch (IOException e) {
        file.close();
        throw e;
      }
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public void copy(long offset, int length, ByteBuf into) throws IOException {
      if (offset < pieceAt || offset + length > pieceAt + piece.readableBytes()) {
        read(offset, into.alloc());
      }
      into.writeBytes(piece, (int) (offset - pieceAt), length);
    }

    private void read(long offset, ByteBufAllocator alloc) throws IOException {
      if (piece.capacity() == 0) {
        piece = alloc.directBuffer(PIECE, PIECE);
      }
      piece.clear();
      pieceAt = offset;
      int wanted = (int) Math.min(PIECE, size - offset);
      while (piece.readableBytes() < wanted) {
        long at = offset + piece.readableBytes();
        if (piece.writeBytes(file, at, wanted - piece.readableBytes()) < 0) {
          throw new EOFException("the file has become shorter than its " + size + " bytes");
        }
      }
    }

    @Override
    public void close() {
      use.close();
      piece.release();
      piece = Unpooled.EMPTY_BUFFER;
      try {
        file.close();
      } catch (IOException e) {
        // it was only read: nothing is lost
      }
    }
  }
}
