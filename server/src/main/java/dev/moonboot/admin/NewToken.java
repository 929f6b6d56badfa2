package dev.moonboot.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * A token that was made just now.
 *
 * @param line for the file of tokens; does not tell the token
 * @param secret what its bearer shows: 256 random bits, in hexadecimal digits
 */
public record NewToken(String line, String secret) {
  /**
   * Makes one.
   *
   * @throws IllegalArgumentException when the name cannot stand in the file
   */
  public static NewToken of(String name, Role role) {
    if (!TokenFile.isName(name)) {
      throw new IllegalArgumentException(
          "the name \"" + name + "\": begin with a-z or 0-9, and use at most 63 of a-z 0-9 . _ -");
    }
    byte[] bits = new byte[32];
    new SecureRandom().nextBytes(bits);
    String secret = HexFormat.of().formatHex(bits);
    Digest hash = Digest.of(secret.getBytes(UTF_8));
    return new NewToken(name + " " + role.text() + " " + hash, secret);
  }
}
