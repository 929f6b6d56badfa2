package dev.moonboot.admin;

import dev.moonboot.assets.Digest;
import dev.moonboot.json.Json;
import java.nio.charset.StandardCharsets;

/**
 * The version of a resource (RFC 9110, 8.8.3), always a strong one.
 *
 * @param value without the quotes
 */
record ETag(String value) {
  /** By a number that counts changes. */
  static ETag revision(long number) {
    return new ETag("r" + number);
  }

  /** By what it is. */
  static ETag of(Json.Obj content) {
    byte[] bytes = content.compact().getBytes(StandardCharsets.UTF_8);
    return new ETag(Digest.of(bytes).hex().substring(0, 32));
  }

  String header() {
    return "\"" + value + "\"";
  }
}
