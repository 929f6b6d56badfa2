package dev.moonboot.assets;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A SHA-256 digest, written {@code sha256:<64 lower-case hex digits>} (OCI image-spec,
 * descriptor.md).
 *
 * <p>Only that form is accepted: another algorithm, upper-case digits or another length never
 * become a value of this type, so a digest can be put into a path or a URL as it is.
 */
public record Digest(String hex) implements Comparable<Digest> {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
  private static final int BUFFER = 256 << 10;
  private static final String PREFIX = "sha256:";
  private static final String FILE_PREFIX = "sha256-";

  /**
   * @throws IllegalArgumentException when {@code hex} is not 64 lower-case hexadecimal digits
   */
  public Digest {
    if (!HEX.matcher(hex).matches()) {
      throw new IllegalArgumentException(
          "not a SHA-256 digest (64 lower-case hex digits): " + abbreviate(hex));
    }
  }

  /**
   * Reads {@code sha256:<hex>}.
   *
   * @throws IllegalArgumentException for anything else, other algorithms included
   */
  public static Digest parse(String text) {
    return new Digest(afterPrefix(text, PREFIX));
  }

  /**
   * Reads {@code sha256-<hex>}, the form used in paths and URLs.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static Digest parseFileName(String text) {
    return new Digest(afterPrefix(text, FILE_PREFIX));
  }

  /** The digest of {@code bytes}. */
  public static Digest of(byte[] bytes) {
    return finish(sha256().digest(bytes));
  }

  /** The digest of all that {@code in} gives until its end; does not close it. */
  public static Digest of(InputStream in) throws IOException {
    MessageDigest sha256 = sha256();
    byte[] buffer = new byte[BUFFER];
    for (int got; (got = in.read(buffer, 0, buffer.length)) >= 0; ) {
      sha256.update(buffer, 0, got);
    }
    return of(sha256);
  }

  /** The digest of a file's bytes. */
  public static Digest ofFile(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return of(in);
    }
  }

  /** What {@code digest} has been fed so far, as a value; resets {@code digest}. */
  public static Digest of(MessageDigest digest) {
    return finish(digest.digest());
  }

  /** A fresh SHA-256, to be fed and then given to {@link #of(MessageDigest)}. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static Digest finish(byte[] hash) {
    return new Digest(HexFormat.of().formatHex(hash));
  }

  private static String afterPrefix(String text, String prefix) {
    if (!text.startsWith(prefix)) {
      throw new IllegalArgumentException(
          "not a digest (" + prefix + "<64 hex digits>): " + abbreviate(text));
    }
    return text.substring(prefix.length());
  }

  private static String abbreviate(String text) {
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }

  /** {@code sha256-<hex>}: safe in a file name and in one segment of a URL. */
  public String fileName() {
    return FILE_PREFIX + hex;
  }

  /** The 32 bytes. */
  public byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  /** The first twelve digits: enough for a person to tell two digests apart. */
  public String shortHex() {
    return hex.substring(0, 12);
  }

  @Override
  public int compareTo(Digest other) {
    return hex.compareTo(other.hex);
  }

  /** {@code sha256:<hex>}. */
  @Override
  public String toString() {
    return PREFIX + hex;
  }
}
