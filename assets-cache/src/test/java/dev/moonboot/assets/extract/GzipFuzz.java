package dev.moonboot.assets.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.testing.Fuzz;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Any bytes as gzip: what we take the JDK takes, with the same bytes out of it. */
public final class GzipFuzz {
  private static final int MOST = 4 << 20;

  private GzipFuzz() {}

  private interface Opened {
    InputStream open() throws IOException;
  }

  public static void fuzzerTestOneInput(byte[] input) {
    Fuzz.bounded(() -> {
      byte[] ours = unpacked(() -> new GzipInput(new ByteArrayInputStream(input), false));
      byte[] slowly = unpacked(() -> new GzipInput(Fuzz.trickle(input), false));
      if (!Arrays.equals(ours, slowly)) {
        throw new AssertionError("not the same at once and slowly");
      }
      byte[] theirs = unpacked(() -> new GZIPInputStream(new ByteArrayInputStream(input)));
      if (ours != null && !Arrays.equals(ours, theirs)) {
        throw new AssertionError(
            "we unpack %d bytes, the JDK %s"
                .formatted(ours.length, theirs == null ? "nothing" : theirs.length));
      }
    });
  }

  /** The first bytes of what is inside; null when it is refused. */
  private static byte @Nullable [] unpacked(Opened source) {
    try (InputStream in = source.open()) {
      return in.readNBytes(MOST);
    } catch (IOException e) {
      return null;
    }
  }

  private static byte[] gzip(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static List<byte[]> seeds() {
    byte[] one = gzip("some text, and the same text again, and again the same text");
    byte[] header = {
      0x1f,
      (byte) 0x8b,
      8,
      0x1c,
      0,
      0,
      0,
      0,
      0,
      3,
      2,
      0,
      'x',
      'y',
      'n',
      0,
      'c',
      0,
      3,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0
    };
    return List.of(one, ExtractionCase.joined(one, gzip(""), gzip("b")), header);
  }
}
