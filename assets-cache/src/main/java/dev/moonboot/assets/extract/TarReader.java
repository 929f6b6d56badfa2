package dev.moonboot.assets.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar archive front to back: V7, ustar and PAX (POSIX.1-2017, pax, "ustar Interchange
 * Format") and GNU long names. Strict where archives differ by reader: wrong checksums, cut
 * headers, missing end blocks, bytes behind the end, bodies where none belong and global headers
 * that rename are refused, so that no two readers see different members.
 */
final class TarReader {
  private static final int BLOCK = 512;

  private final InputStream in;
  private final Limits.Used used;
  private long bodyLeft;
  private int padding;
  private final InputStream body = new Body();

  TarReader(InputStream in, Limits.Used used) {
    this.in = in;
    this.used = used;
  }

  /**
   * The next member; empty at the end of the archive, whose rest has then been read and is nothing
   * but zeros.
   *
   * @throws ExtractException when the archive is malformed or over a limit
   */
  Optional<TarEntry> next() {
    skipBody();
    TarMetadata metadata = new TarMetadata(used.limits().metadataBytes());
    while (true) {
      byte[] block = block();
      if (TarHeader.isZero(block)) {
        end(metadata);
        return Optional.empty();
      }
      used.entry();
      TarHeader header = TarHeader.parse(block);
      if (header.isMetadata()) {
        metadata.add(header, metadataBody(header, metadata));
      } else {
        return Optional.of(member(header, metadata));
      }
    }
  }

  private byte[] metadataBody(TarHeader header, TarMetadata metadata) {
    metadata.require(header.size());
    setBody(header.size());
    byte[] content = bytes((int) header.size());
    bodyLeft = 0;
    skipBody();
    return content;
  }

  private TarEntry member(TarHeader header, TarMetadata metadata) {
    if (header.type() == 'S') {
      skipSparseMaps(header);
    }
    TarEntry entry = metadata.apply(header);
    setBody(entry.size());
    return entry;
  }

  /** Old GNU sparse files have further headers before their body. */
  private void skipSparseMaps(TarHeader header) {
    boolean more = header.hasSparseExtension();
    while (more) {
      used.entry();
      more = block()[504] != 0;
    }
  }

  private void setBody(long size) {
    bodyLeft = size;
    padding = (int) (-size & (BLOCK - 1));
  }

  /** The body of the member that {@link #next} gave; what is left unread is passed over. */
  InputStream body() {
    return body;
  }

  private void skipBody() {
    try {
      in.skipNBytes(bodyLeft);
      in.skipNBytes(padding);
    } catch (EOFException e) {
      throw cutOff(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    setBody(0);
  }

  private byte[] block() {
    return bytes(BLOCK);
  }

  private byte[] bytes(int count) {
    try {
      byte[] bytes = in.readNBytes(count);
      if (bytes.length < count) {
        throw cutOff(null);
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ExtractException cutOff(@Nullable Exception cause) {
    return new ExtractException("the layer's tar archive is cut off: its end is missing", cause);
  }

  private void end(TarMetadata metadata) {
    if (!metadata.isEmpty()) {
      throw new ExtractException("the layer's tar archive ends behind an extended header");
    }
    if (!TarHeader.isZero(block())) {
      throw new ExtractException("the layer's tar archive goes on behind a lone zero block");
    }
    byte[] rest = new byte[BLOCK];
    try {
      for (int count; (count = in.readNBytes(rest, 0, BLOCK)) > 0; ) {
        if (count < BLOCK || !TarHeader.isZero(rest)) {
          throw new ExtractException("the layer's tar archive has bytes behind its end");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A view of the archive that ends with the body. */
  private final class Body extends BulkInput {
    @Override
    public int read(byte[] out, int offset, int length) throws IOException {
      if (bodyLeft == 0) {
        return -1;
      }
      int count = in.read(out, offset, (int) Math.min(length, bodyLeft));
      if (count < 0) {
        throw cutOff(null);
      }
      bodyLeft -= count;
      return count;
    }
  }

  /** Text up to the first NUL. */
  static String text(byte[] bytes, int from, int to) {
    int end = from;
    while (end < to && bytes[end] != 0) {
      end++;
    }
    return new String(Arrays.copyOfRange(bytes, from, end), UTF_8);
  }
}
