package dev.moonboot.assets.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import dev.moonboot.files.AtomicFile;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A JSON object in a file that ends with a line holding the SHA-256 of all before it, so that what
 * was cut short or changed is told from what we wrote.
 */
final class SealedFile {
  /** Bumped when a reader of today could misunderstand what is written then. */
  private static final long SCHEMA = 1;

  private static final int SEAL_LENGTH = "sha256:".length() + 64 + 1;
  private static final int MAX_LENGTH = 16 << 20;

  private SealedFile() {}

  static void write(Path file, Json.Obj content) throws IOException {
    byte[] text = content.pretty().getBytes(UTF_8);
    byte[] seal = (Digest.of(text) + "\n").getBytes(UTF_8);
    byte[] all = Arrays.copyOf(text, text.length + seal.length);
    System.arraycopy(seal, 0, all, text.length, seal.length);
    AtomicFile.replace(file, all, StoreLayout.RECORD_MODE);
  }

  /**
   * @throws StoreException (BROKEN) when the file is not as {@link #write} left it
   * @throws IOException when it cannot be read
   */
  static Json.Obj read(Path file) throws IOException {
    byte[] all;
    try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      all = in.readNBytes(MAX_LENGTH);
    }
    int length = all.length - SEAL_LENGTH;
    if (length < 0) {
      throw broken(file, "it is cut short");
    }
    String seal = new String(all, length, SEAL_LENGTH, UTF_8);
    byte[] text = Arrays.copyOf(all, length);
    if (!seal.equals(Digest.of(text) + "\n")) {
      throw broken(file, "its checksum does not fit");
    }
    try {
      if (JsonText.parse(new String(text, UTF_8)) instanceof Json.Obj content) {
        return checkSchema(file, content);
      }
      throw broken(file, "it is no JSON object");
    } catch (JsonException e) {
      throw broken(file, String.valueOf(e.getMessage()));
    }
  }

  private static Json.Obj checkSchema(Path file, Json.Obj content) throws StoreException {
    long schema = content.integer("schema").orElse(0L);
    if (schema != SCHEMA) {
      throw broken(file, "its schema is " + schema + ", and this moonboot reads " + SCHEMA);
    }
    return content;
  }

  static Json schema() {
    return Json.Num.of(SCHEMA);
  }

  static StoreException broken(Path file, String why) {
    return new StoreException(StoreException.Reason.BROKEN, file + " cannot be used: " + why);
  }
}
