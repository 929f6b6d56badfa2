package dev.moonboot.assets.compose;

import dev.moonboot.assets.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** Digests of streams. */
final class Sums {
  private static final int BUFFER = 256 << 10;

  private Sums() {}

  /** Of all that {@code in} gives. */
  static Digest digest(InputStream in) throws IOException {
    MessageDigest sum = Digest.sha256();
    byte[] buffer = new byte[BUFFER];
    for (int got; (got = in.read(buffer, 0, buffer.length)) >= 0; ) {
      sum.update(buffer, 0, got);
    }
    return Digest.of(sum);
  }
}
