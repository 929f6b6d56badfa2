package dev.moonboot.release;

import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ReleaseTexts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@link ReleaseTexts#SHA512}, and sums up what cannot be in it: itself and the record. */
final class Sha512List {
  private Sha512List() {}

  /**
   * The sums of a build's files, as hexadecimal digits, by the files' digests.
   *
   * @throws UncheckedIOException when the list or the record cannot be read
   */
  static Map<Digest, String> read(Asset list, Build build) {
    Map<Digest, String> sums = new HashMap<>();
    try {
      for (String line : Files.readAllLines(list.file())) {
        String[] parts = line.split("  ", 2);
        if (parts.length == 2) {
          AssetName.ofFileName(parts[1])
              .flatMap(name -> Optional.ofNullable(build.assets().get(name)))
              .ifPresent(asset -> sums.put(asset.digest(), parts[0]));
        }
      }
      for (AssetName own : List.of(ReleaseTexts.SHA512, AssetName.RECORD)) {
        Asset asset = build.assets().get(own);
        if (asset != null) {
          sums.put(asset.digest(), sum(Files.readAllBytes(asset.file())));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("sums " + list.digest() + " for " + list.arch().id(), e);
    }
    return sums;
  }

  private static String sum(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java runtime of ours has SHA-512", e);
    }
  }
}
