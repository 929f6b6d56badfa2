package dev.moonboot.assets.extract;

import dev.moonboot.assets.Arch;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Looks into an initramfs without unpacking it to disk: for which processor its {@code init} is,
 * and which extensions it lists. An initramfs is a row of cpio archives, each plain or packed, with
 * zeros between them (kernel doc, driver-api/early-userspace/buffer-format).
 *
 * <p>It is served as it is, so what cannot be read here is only not known. Memory is bounded by
 * {@link Compression}'s limits, time by how much is unpacked.
 */
final class InitramfsInspector {
  private static final long MAX_UNPACKED = 4L << 30;
  private static final long MAX_RATIO = 200;
  private static final long RATIO_FROM = 64 << 20;
  private static final int BUFFER = 64 << 10;

  /**
   * What was found.
   *
   * @param packing of the first packed archive; NONE when none is packed
   * @param arch of {@code init}; empty when it is no ELF program we know or was not reached
   * @param extensions name and version of each, in order
   * @param problem why the inspection ended early; empty when it did not
   */
  record Report(
      Compression packing, Optional<Arch> arch, List<String> extensions, String problem) {}

  private final FileSlice file;
  private final CpioReader cpio = new CpioReader();
  private final long limit;
  private long unpacked; // by all archives together: many small bombs are one large one
  private Compression packing = Compression.NONE;

  private InitramfsInspector(FileSlice file) {
    this.file = file;
    this.limit = Math.min(MAX_UNPACKED, Math.max(RATIO_FROM, file.size() * MAX_RATIO));
  }

  /**
   * @throws ExtractException when the file does not begin as an initramfs does
   */
  static Report inspect(Path path) {
    try (FileSlice file = FileSlice.of(path)) {
      return new InitramfsInspector(file).inspect();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Report inspect() throws IOException {
    String problem = "";
    requireMagic();
    try {
      for (long at = 0; (at = afterZeros(at)) < file.size(); ) {
        at += member(at);
      }
    } catch (IOException e) {
      problem = String.valueOf(e.getMessage());
    }
    return new Report(packing, cpio.initArch(), ExtensionsYaml.names(cpio.extensions()), problem);
  }

  private void requireMagic() throws IOException {
    byte[] head = file.readNBytes(Compression.MAGIC);
    Compression first = Compression.sniff(head);
    if (first == Compression.BZIP2 || (first == Compression.NONE && !CpioReader.is(head))) {
      throw new ExtractException(
          "is no initramfs (zstd, xz, gzip or cpio): it begins with " + KernelSniffer.begins(head));
    }
  }

  private long afterZeros(long from) {
    file.window(from, file.size() - from);
    int b;
    do {
      b = file.read();
    } while (b == 0);
    return b < 0 ? file.size() : file.position() - 1;
  }

  /** Reads the archives at {@code at}, and tells how many bytes of the file that were. */
  private long member(long at) throws IOException {
    file.window(at, Compression.MAGIC);
    byte[] head = file.readNBytes(Compression.MAGIC);
    Compression kind = Compression.sniff(head);
    if (kind != Compression.NONE && packing == Compression.NONE) {
      packing = kind;
    }
    return switch (kind) {
      case ZSTD, ZSTD_SKIPPABLE -> zstd(kind, at);
      case GZIP, XZ -> stream(kind, at);
      case NONE, BZIP2 -> plain(head, at);
    };
  }

  private long zstd(Compression kind, long at) throws IOException {
    long length = ZstdFrame.length(file, at);
    file.window(at, length);
    if (kind == Compression.ZSTD) {
      readAll(Compression.one(kind, new Unclosed(file)));
    }
    return length;
  }

  private long stream(Compression kind, long at) throws IOException {
    file.window(at, file.size() - at);
    InputStream in = Compression.one(kind, new Unclosed(file));
    readAll(in);
    return in instanceof GzipInput gzip ? gzip.consumed() : file.position() - at;
  }

  private long plain(byte[] head, long at) throws IOException {
    if (!CpioReader.is(head)) {
      throw new IOException("unknown bytes at " + at + ": " + KernelSniffer.begins(head));
    }
    file.window(at, file.size() - at);
    cpio.readOne(file);
    return file.position() - at;
  }

  /** Buffered, because padding is read byte by byte, and decoders do that slowly. */
  private void readAll(InputStream in) throws IOException {
    try (InputStream buffered = new BufferedInputStream(new Guarded(in), BUFFER)) {
      cpio.readAll(buffered);
    }
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
