package dev.moonboot.assets.squashfs;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import org.tukaani.xz.LZMA2InputStream;
import org.tukaani.xz.SingleXZInputStream;
import org.tukaani.xz.XZ;

/**
 * Unpacks blocks, and refuses what the kernel would (fs/squashfs, zstd_wrapper.c and xz_wrapper.c):
 * a zstd frame with a window larger than a block, or a second frame; xz with a check other than
 * CRC32, or a dictionary larger than a block.
 */
abstract class BlockDecompressor implements Closeable {
  private static final int SMALLEST_WINDOW = 8192;

  /** The largest window or dictionary that the kernel has memory for. */
  final int window;

  private BlockDecompressor(int blockSize) {
    this.window = Math.max(SMALLEST_WINDOW, blockSize);
  }

  static BlockDecompressor of(SquashfsCompression compression, int blockSize) {
    return switch (compression) {
      case ZSTD -> new OfZstd(blockSize);
      case XZ -> new OfXz(blockSize);
    };
  }

  /**
   * Unpacks the first {@code length} bytes of {@code packed} into {@code out}; returns how many
   * they became.
   *
   * @throws SquashfsException when they do not unpack, or to more than {@code out} has room for
   */
  abstract int unpack(byte[] packed, int length, byte[] out) throws SquashfsException;

  @Override
  public void close() {}

  private static final class OfZstd extends BlockDecompressor {
    private final ZstdDecompressCtx context = new ZstdDecompressCtx();

    OfZstd(int blockSize) {
      super(blockSize);
    }

    @Override
    int unpack(byte[] packed, int length, byte[] out) throws SquashfsException {
      if (length < 6 || window(packed) > window) {
        throw new SquashfsException(
            "a zstd block wants a larger window than a block of the image; kernels refuse it");
      }
      try {
        if (Zstd.findFrameCompressedSize(packed, 0, length) != length) {
          throw new SquashfsException("a block is not exactly one zstd frame");
        }
        return context.decompressByteArray(out, 0, out.length, packed, 0, length);
      } catch (ZstdException e) {
        throw new SquashfsException("a zstd block does not unpack: " + e.getMessage(), e);
      }
    }

    /** RFC 8878, section 3.1.1.1: without a window, the content is the window. */
    private static long window(byte[] frame) {
      boolean single = (frame[4] & 0x20) != 0;
      long base = 1L << (10 + ((frame[5] & 0xff) >> 3));
      return single ? 0 : base + base / 8 * (frame[5] & 7);
    }

    @Override
    public void close() {
      context.close();
    }
  }

  private static final class OfXz extends BlockDecompressor {
    OfXz(int blockSize) {
      super(blockSize);
    }

    @Override
    int unpack(byte[] packed, int length, byte[] out) throws SquashfsException {
      int memory = LZMA2InputStream.getMemoryUsage(window);
      ByteArrayInputStream in = new ByteArrayInputStream(packed, 0, length);
      try (SingleXZInputStream xz = new SingleXZInputStream(in, memory)) {
        if (xz.getCheckType() != XZ.CHECK_CRC32 && xz.getCheckType() != XZ.CHECK_NONE) {
          throw new SquashfsException(
              "an xz block with the check " + xz.getCheckName() + "; kernels know CRC32 only");
        }
        int count = xz.readNBytes(out, 0, out.length);
        if (xz.read() >= 0 || in.available() > 0) {
          throw new SquashfsException("an xz block unpacks to more than a block");
        }
        return count;
      } catch (SquashfsException e) {
        throw e;
      } catch (IOException e) {
        throw new SquashfsException("an xz block does not unpack: " + e.getMessage(), e);
      }
    }
  }
}
