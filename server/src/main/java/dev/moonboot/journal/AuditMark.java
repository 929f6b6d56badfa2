package dev.moonboot.journal;

import dev.moonboot.assets.Digest;

/**
 * A record that was seen once, by its number and the digest of its line: {@code 4711:sha256:…}.
 * Kept elsewhere, it shows later whether the log still holds that record, and so all before it.
 */
public record AuditMark(long seq, Digest digest) {
  /**
   * Reads {@code SEQ:sha256:HEX} or {@code SEQ:HEX}.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static AuditMark parse(String text) {
    int colon = text.indexOf(':');
    String number = colon < 0 ? "" : text.substring(0, colon);
    if (!number.matches("[1-9][0-9]{0,17}")) {
      throw new IllegalArgumentException(
          "not SEQ:DIGEST, as moonboot audit verify prints it: " + text);
    }
    String digest = text.substring(colon + 1);
    return new AuditMark(
        Long.parseLong(number),
        digest.startsWith("sha256:") ? Digest.parse(digest) : new Digest(digest));
  }

  @Override
  public String toString() {
    return seq + ":" + digest;
  }
}
