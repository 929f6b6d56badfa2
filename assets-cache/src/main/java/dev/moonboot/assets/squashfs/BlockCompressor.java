package dev.moonboot.assets.squashfs;

import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import org.tukaani.xz.ArrayCache;
import org.tukaani.xz.BasicArrayCache;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZOutputStream;

/** Packs one block at a time, so that kernels can unpack it. Not for two threads at once. */
sealed interface BlockCompressor extends AutoCloseable {
  /** What a block may grow by before it is found not to pay. */
  int SLACK = 1024;

  /**
   * Packs the first {@code length} bytes of {@code in}. {@code out}, of {@code length} and {@link
   * #SLACK} bytes and outside the heap, is left ready to be read.
   *
   * @return whether that made them fewer; {@code out} holds nothing of use if not
   */
  boolean pack(byte[] in, int length, ByteBuffer out) throws IOException;

  @Override
  void close();

  /**
   * One as the settings want it.
   *
   * @param memory outside the heap, to be given back after this is closed
   */
  static BlockCompressor of(SquashfsSettings settings, Arena memory) throws IOException {
    if (settings.level() == 0) {
      return new Stored();
    }
    return switch (settings.compression()) {
      case ZSTD -> new Zstd(settings.level(), memory);
      case XZ -> new Xz(settings.level());
    };
  }

  /** Leaves all as it is. */
  record Stored() implements BlockCompressor {
    @Override
    public boolean pack(byte[] in, int length, ByteBuffer out) {
      return false;
    }

    @Override
    public void close() {}
  }

  /**
   * One frame a block, made at once: the kernel's window is a block, and a frame from a stream says
   * that it needs more. Memory outside the heap, since the collector would wait for whoever packs
   * an array.
   */
  final class Zstd implements BlockCompressor {
    private final ZstdCompressCtx context = new ZstdCompressCtx();
    private final ByteBuffer in;

    private Zstd(int level, Arena memory) {
      context.setLevel(level);
      in = memory.allocate(SquashfsWriter.BLOCK_SIZE).asByteBuffer();
    }

    @Override
    public boolean pack(byte[] bytes, int length, ByteBuffer out) {
      in.clear().put(bytes, 0, length);
      out.clear();
      int packed = context.compressDirectByteBuffer(out, 0, out.capacity(), in, 0, length);
      out.limit(packed);
      return packed < length;
    }

    @Override
    public void close() {
      context.close();
    }
  }

  /** The kernel knows CRC32 only, and no dictionary larger than a block. */
  final class Xz implements BlockCompressor {
    private final LZMA2Options options;
    private final ArrayCache arrays = new BasicArrayCache();

    private Xz(int preset) throws IOException {
      options = new LZMA2Options(preset);
      options.setDictSize(SquashfsWriter.BLOCK_SIZE);
    }

    @Override
    public boolean pack(byte[] in, int length, ByteBuffer out) throws IOException {
      out.clear();
      try (XZOutputStream xz = new XZOutputStream(into(out), options, XZ.CHECK_CRC32, arrays)) {
        xz.write(in, 0, length);
      }
      out.flip();
      return out.limit() < length;
    }

    private static OutputStream into(ByteBuffer out) {
      return new OutputStream() {
        @Override
        public void write(int one) {
          out.put((byte) one);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
          out.put(bytes, offset, length);
        }
      };
    }

    @Override
    public void close() {}
  }
}
