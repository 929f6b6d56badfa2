package dev.moonboot.tftp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A file name as clients send it, made into a key for a table: segments parted by single slashes,
 * none before the first. It never becomes part of a path on disk.
 */
record TftpName(String key) {
  /** Longer than any name a boot program asks for (RFC 2347: a request has at most 512 bytes). */
  private static final int MOST_BYTES = 512;

  /**
   * Reads what a client sent: a backslash counts as a slash, repeated slashes as one. Empty for a
   * name that climbs ({@code ..}), has control characters, says nothing or is too long.
   */
  static Optional<TftpName> parse(String sent) {
    if (sent.getBytes(UTF_8).length > MOST_BYTES
        || sent.chars().anyMatch(Character::isISOControl)) {
      return Optional.empty();
    }
    String[] segments = sent.replace('\\', '/').split("/");
    if (Arrays.asList(segments).contains("..")) {
      return Optional.empty();
    }
    String key =
        Arrays.stream(segments)
            .filter(s -> !s.isEmpty() && !s.equals("."))
            .collect(Collectors.joining("/"));
    return key.isEmpty() ? Optional.empty() : Optional.of(new TftpName(key));
  }

  /** The name as a ROM that knows no lower case may have meant it. */
  TftpName lowerCase() {
    return new TftpName(key.toLowerCase(Locale.ROOT));
  }

  /** The name without {@code prefix}, where it begins so. */
  TftpName without(String prefix) {
    return key.startsWith(prefix) ? new TftpName(key.substring(prefix.length())) : this;
  }
}
