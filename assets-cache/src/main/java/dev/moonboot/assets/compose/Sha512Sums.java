package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.ReleaseTexts;
import dev.moonboot.assets.extract.BootFiles.Found;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** The file {@link ReleaseTexts#SHA512}: hashed once, when a release is made. */
public final class Sha512Sums {
  private Sha512Sums() {}

  /**
   * Writes the sums of all these files, in {@link AssetName#ORDER}. The record cannot be among
   * them: it names this file's digest.
   */
  public static Found write(Map<AssetName, Found> files, Path to) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (var entry : AssetName.sorted(files).entrySet()) {
      lines.append(sum(entry.getValue().file())).append("  ");
      lines.append(entry.getKey().fileName()).append('\n');
    }
    return WrittenFile.write(to, lines.toString().getBytes(UTF_8), "made here");
  }

  private static String sum(Path file) throws IOException {
    MessageDigest sha512 = sha512();
    byte[] buffer = new byte[256 << 10];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count; (count = in.read(buffer)) >= 0; ) {
        sha512.update(buffer, 0, count);
      }
    }
    return HexFormat.of().formatHex(sha512.digest());
  }

  private static MessageDigest sha512() {
    try {
      return MessageDigest.getInstance("SHA-512");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java runtime of ours has SHA-512", e);
    }
  }
}
