package dev.moonboot.installer;

import dev.moonboot.assets.Digest;
import dev.moonboot.installer.DockerArchive.Piece;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Checksums of archives: all of their bytes are read for that, once, one archive at a time however
 * many ask.
 */
public final class ArchiveSums {
  private static final int BUFFER = 256 << 10;
  private static final int MOST = 128;

  private final ReentrantLock reading = new ReentrantLock();
  private final Map<Digest, Sums> known = new LinkedHashMap<>(16, 0.75f, true);

  /** Of all bytes, in hexadecimal digits. */
  public record Sums(String sha256, String sha512) {}

  /**
   * The sums of an archive; may take a second for each 300 MB.
   *
   * @throws IOException when a file of it cannot be read
   */
  public Sums of(DockerArchive archive) throws IOException {
    reading.lock();
    try {
      Sums sums = known.get(archive.identity());
      if (sums == null) {
        sums = read(archive);
        known.put(archive.identity(), sums);
        if (known.size() > MOST) {
          known.remove(known.keySet().iterator().next());
        }
      }
      return sums;
    } finally {
      reading.unlock();
    }
  }

  private static Sums read(DockerArchive archive) throws IOException {
    MessageDigest sha256 = hash("SHA-256");
    MessageDigest sha512 = hash("SHA-512");
    byte[] buffer = new byte[BUFFER];
    for (Piece piece : archive.pieces()) {
      switch (piece) {
        case Piece.Bytes(var bytes) -> {
          sha256.update(bytes);
          sha512.update(bytes);
        }
        case Piece.File(var asset) -> {
          try (InputStream in = Files.newInputStream(asset.file(), LinkOption.NOFOLLOW_LINKS)) {
            for (int count; (count = in.read(buffer)) >= 0; ) {
              sha256.update(buffer, 0, count);
              sha512.update(buffer, 0, count);
            }
          }
        }
      }
    }
    return new Sums(hex(sha256), hex(sha512));
  }

  private static String hex(MessageDigest hash) {
    return HexFormat.of().formatHex(hash.digest());
  }

  private static MessageDigest hash(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java runtime of ours has " + algorithm, e);
    }
  }
}
