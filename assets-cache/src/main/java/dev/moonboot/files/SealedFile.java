package dev.moonboot.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A JSON object in a file that ends with a line holding the SHA-256 of all before it, so that what
 * was cut short or changed is told from what we wrote. Replaced whole, or not at all.
 */
public final class SealedFile {
  /** Bumped when a reader of today could misunderstand what is written then. */
  private static final long SCHEMA = 1;

  private static final String SCHEMA_MEMBER = "schema";
  private static final int SEAL_LENGTH = "sha256:".length() + 64 + 1;
  private static final int MAX_LENGTH = 16 << 20;

  private SealedFile() {}

  /**
   * Makes the file hold the object; {@link AtomicFile} says what holds after a failure.
   *
   * @param content without a member {@code schema}, which is added here
   */
  public static void write(Path file, Json.Obj content, Set<PosixFilePermission> mode)
      throws IOException {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put(SCHEMA_MEMBER, Json.Num.of(SCHEMA));
    members.putAll(content.members());
    byte[] text = new Json.Obj(members).pretty().getBytes(UTF_8);
    byte[] seal = seal(text).getBytes(UTF_8);
    byte[] all = Arrays.copyOf(text, text.length + seal.length);
    System.arraycopy(seal, 0, all, text.length, seal.length);
    AtomicFile.replace(file, all, mode);
  }

  private static String seal(byte[] text) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text);
      return "sha256:" + HexFormat.of().formatHex(hash) + "\n";
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  /**
   * The object that was written last.
   *
   * @throws BrokenFileException when the file is not as {@link #write} left it, or was written by a
   *     moonboot that this one does not understand
   * @throws IOException when it cannot be read
   */
  public static Json.Obj read(Path file) throws IOException {
    byte[] all;
    try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      all = in.readNBytes(MAX_LENGTH);
    }
    int length = all.length - SEAL_LENGTH;
    if (length < 0) {
      throw new BrokenFileException(file, "it is cut short");
    }
    byte[] text = Arrays.copyOf(all, length);
    if (!new String(all, length, SEAL_LENGTH, UTF_8).equals(seal(text))) {
      throw new BrokenFileException(file, "its checksum does not fit");
    }
    try {
      if (JsonText.parse(new String(text, UTF_8)) instanceof Json.Obj content) {
        return checkSchema(file, content);
      }
      throw new BrokenFileException(file, "it is no JSON object");
    } catch (JsonException e) {
      throw new BrokenFileException(file, String.valueOf(e.getMessage()));
    }
  }

  private static Json.Obj checkSchema(Path file, Json.Obj content) throws BrokenFileException {
    long schema = content.integer(SCHEMA_MEMBER).orElse(0L);
    if (schema != SCHEMA) {
      throw new BrokenFileException(
          file, "its schema is " + schema + ", and this moonboot reads " + SCHEMA);
    }
    return content;
  }
}
