package dev.moonboot.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A body on its way; the connection's guard sees to it that it comes in time. */
record SentContent(ServerRequest request) implements Content {
  private static final long DRAIN_BYTES = 256 * 1024;

  @Override
  public String text(int atMost) throws IOException {
    if (request.headers().contentLength().orElse(0) > atMost) {
      throw tooLarge(atMost);
    }
    byte[] bytes = read(atMost);
    if (bytes.length > atMost) {
      throw tooLarge(atMost);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ContentException(400, "the body is not UTF-8 text; JSON has to be (RFC 8259, 8.1)");
    }
  }

  private byte[] read(int atMost) throws IOException {
    try (var in = request.content().inputStream()) {
      return in.readNBytes(atMost + 1);
    } catch (UncheckedIOException | RequestException | IllegalStateException e) {
      throw new ContentException(400, "the body ended early, or is framed wrongly: send it whole");
    }
  }

  /**
   * Reads on where a body was not read to its end, so that the client sees our answer before a
   * reset. One that waits to be asked for its body has not sent it.
   */
  static void drain(ServerRequest request) {
    if (request.headers().contains(HeaderNames.EXPECT)) {
      return;
    }
    try (var in = request.content().inputStream()) {
      in.skipNBytes(DRAIN_BYTES);
    } catch (IOException | UncheckedIOException | RequestException | IllegalStateException e) {
      // it was read to its end before, or ends sooner
    }
  }

  private static ContentException tooLarge(int atMost) {
    return new ContentException(
        413, "the body has more than " + atMost / 1024 + " KiB: nothing here needs that much");
  }
}
