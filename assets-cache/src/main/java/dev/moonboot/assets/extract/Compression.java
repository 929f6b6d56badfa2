package dev.moonboot.assets.extract;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Locale;
import org.tukaani.xz.SingleXZInputStream;

/** How bytes are packed, told by how they begin. */
public enum Compression {
  GZIP("1f8b"),
  ZSTD("28b52ffd"),
  /** A zstd frame without content; the decoder passes over it (RFC 8878, section 3.1.2). */
  ZSTD_SKIPPABLE("5.2a4d18"),
  XZ("fd377a585a00"),
  BZIP2("425a68"),
  /** Nothing we know to be compressed. */
  NONE("");

  /** How many bytes {@link #sniff} wants to see. */
  static final int MAGIC = 6;

  /** Frames that want a larger window are refused; also zstd's own default. */
  private static final int ZSTD_WINDOW_LOG = 27; // 128 MiB

  private static final int XZ_MEMORY_KIB = 64 << 10;

  private final String magic; // as hexadecimal digits; a dot stands for any

  Compression(String magic) {
    this.magic = magic;
  }

  /** What {@code head} begins like. */
  static Compression sniff(byte[] head) {
    String hex = HexFormat.of().formatHex(head, 0, Math.min(MAGIC, head.length));
    for (Compression compression : values()) {
      if (hex.matches(compression.magic + ".*")) {
        return compression;
      }
    }
    return NONE;
  }

  boolean isZstd() {
    return this == ZSTD || this == ZSTD_SKIPPABLE;
  }

  /** As it is called. */
  public String label() {
    return isZstd() ? "zstd" : name().toLowerCase(Locale.ROOT);
  }

  /** Unpacks all gzip members or zstd frames of {@code in}, and nothing behind them. */
  static InputStream all(Compression compression, InputStream in) throws IOException {
    return switch (compression) {
      case GZIP -> new GzipInput(in, false);
      case ZSTD, ZSTD_SKIPPABLE -> new ZstdInputStreamNoFinalizer(in).setLongMax(ZSTD_WINDOW_LOG);
      case XZ, BZIP2 -> throw new IOException("no layer may be packed with " + compression.label());
      case NONE -> in;
    };
  }

  /**
   * Unpacks one stream of {@code in}. gzip and xz read no byte behind it; for zstd {@code in} must
   * end with the frame.
   */
  static InputStream one(Compression compression, InputStream in) throws IOException {
    return switch (compression) {
      case GZIP -> new GzipInput(in, true);
      case ZSTD, ZSTD_SKIPPABLE -> all(compression, in);
      case XZ -> new SingleXZInputStream(in, XZ_MEMORY_KIB);
      case BZIP2 -> throw new IOException("bzip2 is not read");
      case NONE -> in;
    };
  }
}
