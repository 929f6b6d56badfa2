package dev.moonboot.assets.extract;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Walks an initramfs without unpacking it to disk: a row of cpio archives, each plain or packed,
 * with zeros between them (kernel doc, driver-api/early-userspace/buffer-format). Memory is bounded
 * by {@link Compression}'s limits, time by how much is unpacked.
 */
public final class InitramfsReader implements AutoCloseable {
  private static final long MAX_UNPACKED = 4L << 30;
  private static final long MAX_RATIO = 200;
  private static final long RATIO_FROM = 64 << 20;
  private static final int BUFFER = 64 << 10;

  /**
   * One plain archive, or one packed stream, which holds one or more.
   *
   * @param from where it begins in the file
   * @param length in the file, without zeros behind it
   */
  public record Member(Compression packing, long from, long length) {
    /** Where it ends. */
    public long to() {
      return from + length;
    }
  }

  private final FileSlice file;
  private final long limit;
  private long unpacked; // by all archives together: many small bombs are one large one
  private long at;
  private Compression packing = Compression.NONE;

  private InitramfsReader(FileSlice file) {
    this.file = file;
    this.limit = Math.min(MAX_UNPACKED, Math.max(RATIO_FROM, file.size() * MAX_RATIO));
  }

  /**
   * Begins at the first member.
   *
   * @throws ExtractException when the file does not begin as an initramfs does
   */
  public static InitramfsReader open(Path path) {
    try {
      InitramfsReader reader = new InitramfsReader(FileSlice.of(path));
      try {
        reader.requireMagic();
      } catch (IOException | RuntimeException e) {
        reader.close();
        throw e;
      }
      return reader;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void requireMagic() throws IOException {
    byte[] head = file.readNBytes(Compression.MAGIC);
    Compression first = Compression.sniff(head);
    if (first == Compression.BZIP2 || (first == Compression.NONE && !CpioReader.is(head))) {
      throw new ExtractException(
          "is no initramfs (zstd, xz, gzip or cpio): it begins with " + KernelSniffer.begins(head));
    }
  }

  /** Of the first packed member reached, even where it could not be read to its end. */
  Compression packing() {
    return packing;
  }

  /** Goes on with a member that was read before. */
  public void seek(Member member) {
    at = member.from();
  }

  /**
   * Reads the next member; empty at the end of the file.
   *
   * @throws IOException when it is malformed, cut off or a bomb, or comes from {@code cpio}'s
   *     visitor; nothing can be read behind it. A fault of the disk is an {@link
   *     UncheckedIOException}
   */
  public Optional<Member> next(CpioReader cpio) throws IOException {
    long from = afterZeros(at);
    if (from >= file.size()) {
      return Optional.empty();
    }
    file.window(from, Compression.MAGIC);
    byte[] head = file.readNBytes(Compression.MAGIC);
    Compression kind = Compression.sniff(head);
    if (kind != Compression.NONE && packing == Compression.NONE) {
      packing = kind;
    }
    long length =
        switch (kind) {
          case ZSTD, ZSTD_SKIPPABLE -> zstd(kind, from, cpio);
          case GZIP, XZ -> stream(kind, from, cpio);
          case NONE, BZIP2 -> plain(head, from, cpio);
        };
    at = from + length;
    return Optional.of(new Member(kind, from, length));
  }

  private long afterZeros(long from) {
    file.window(from, file.size() - from);
    int b;
    do {
      b = file.read();
    } while (b == 0);
    return b < 0 ? file.size() : file.position() - 1;
  }

  private long zstd(Compression kind, long from, CpioReader cpio) throws IOException {
    long length = ZstdFrame.length(file, from);
    file.window(from, length);
    if (kind == Compression.ZSTD) {
      readAll(Compression.one(kind, new Unclosed(file)), cpio);
    }
    return length;
  }

  private long stream(Compression kind, long from, CpioReader cpio) throws IOException {
    file.window(from, file.size() - from);
    InputStream in = Compression.one(kind, new Unclosed(file));
    readAll(in, cpio);
    return in instanceof GzipInput gzip ? gzip.consumed() : file.position() - from;
  }

  private long plain(byte[] head, long from, CpioReader cpio) throws IOException {
    if (!CpioReader.is(head)) {
      throw new IOException("unknown bytes at " + from + ": " + KernelSniffer.begins(head));
    }
    file.window(from, file.size() - from);
    cpio.readOne(file);
    return file.position() - from;
  }

  /** Buffered, because padding is read byte by byte, and decoders do that slowly. */
  private void readAll(InputStream in, CpioReader cpio) throws IOException {
    try (InputStream buffered = new BufferedInputStream(new Guarded(in), BUFFER)) {
      cpio.readAll(buffered);
    }
  }

  @Override
  public void close() {
    file.close();
  }

  /** Decoders hold native memory and must be closed, the file under them must not. */
  private static final class Unclosed extends FilterInputStream {
    Unclosed(FileSlice file) {
      super(file);
    }

    @Override
    public void close() {}
  }

  /** Ends when too much comes out of too little. */
  private final class Guarded extends BulkInput {
    private final InputStream in;

    Guarded(InputStream in) {
      this.in = in;
    }

    @Override
    public int read(byte[] out, int offset, int length) throws IOException {
      Interruption.check();
      int got = in.read(out, offset, length);
      unpacked += Math.max(0, got);
      if (unpacked > limit) {
        throw new IOException("its archives unpack to more than " + Limits.bytes(limit));
      }
      return got;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
