package dev.moonboot.assets.compose;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.moonboot.assets.TalosVersion;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZOutputStream;

/**
 * How archives are packed so that the kernel unpacks them: each in one zstd frame from Talos 1.8
 * on, in one xz stream with a CRC32 before. The same bytes give the same bytes with any number of
 * threads.
 */
enum ArchivePacking {
  ZSTD,
  XZ_CRC32;

  /** What is in an archive. */
  enum Load {
    /**
     * Squashfs images: packed already. Level 18 makes them 0.01 % smaller than 1, for all the work.
     */
    LAYERS,
    /** Firmware, as its makers left it. */
    FILES
  }

  private static final int HARD = 18; // as Talos's imager

  /**
   * Without workers zstd writes other bytes than with them, and with them the same bytes for any
   * number of them, as long as the pieces they get are of one size.
   */
  private static final int PIECE = 8 << 20;

  private static final int MOST_WORKERS = 2; // each takes some 60 MiB outside the heap

  static ArchivePacking of(TalosVersion version) {
    return version.isAtLeast(8) ? ZSTD : XZ_CRC32;
  }

  /** Packs what is written; closing it finishes the frame and leaves {@code out} open. */
  OutputStream pack(OutputStream out, Load load, int threads) throws IOException {
    OutputStream unclosed = new Unclosed(out);
    return switch (this) {
      case ZSTD -> zstd(unclosed, load, threads);
      // xz stores what it cannot make smaller, at any preset; 0 needs 3 MiB of heap, 6 needs 94
      case XZ_CRC32 ->
          new XZOutputStream(
              unclosed, new LZMA2Options(load == Load.LAYERS ? 0 : 1), XZ.CHECK_CRC32);
    };
  }

  private static OutputStream zstd(OutputStream out, Load load, int threads) throws IOException {
    if (load == Load.LAYERS) {
      return new ZstdOutputStreamNoFinalizer(out, 1).setChecksum(true);
    }
    ZstdOutputStreamNoFinalizer zstd = new ZstdOutputStreamNoFinalizer(out, HARD);
    return zstd.setChecksum(true).setWorkers(Math.min(threads, MOST_WORKERS)).setJobSize(PIECE);
  }

  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() {}
  }
}
