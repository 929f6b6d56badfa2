package dev.moonboot.assets.registry;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * An answer whose body is still to be read.
 *
 * @param uri that gave it, after redirects
 */
record Answer(URI uri, int status, HttpHeaders headers, Body body) implements AutoCloseable {
  /** So little is read to the end, to use the connection again, rather than cut. */
  private static final int SMALL = 64 << 10;

  @Nullable String header(String name) {
    return headers.firstValue(name).orElse(null);
  }

  /** The length announced, in bytes. */
  OptionalLong length() {
    try {
      return headers.firstValueAsLong("Content-Length");
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** Lets go of a body that nobody wants. */
  void discard() {
    try {
      body.all(SMALL);
    } catch (IOException e) {
      close();
    }
  }

  @Override
  public void close() {
    body.close();
  }
}
