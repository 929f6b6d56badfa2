package dev.moonboot.server;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a release that is held is called on a command line. */
sealed interface HeldRelease {
  /**
   * By its digest.
   *
   * @param digits in hexadecimal, 8 to 64, the first of it
   */
  record ByDigest(String digits) implements HeldRelease {}

  /**
   * By what names or named it.
   *
   * @param previous whether what the channel named before is meant
   */
  record OfChannel(String channel, boolean previous) implements HeldRelease {}

  /** So much of a digest tells it from all others in practice; fewer digits may be a slip. */
  Pattern DIGEST = Pattern.compile("(sha256[:-])?([0-9a-f]{8,64})");

  Pattern CHANNEL = Pattern.compile("([a-z0-9][a-z0-9._-]{0,62})@(head|previous)");

  /**
   * {@code sha256:1f3a9c02…}, {@code 1f3a9c02}, {@code compute@head}, {@code compute@previous};
   * empty for what is none of these.
   */
  static Optional<HeldRelease> of(String text) {
    Matcher digest = DIGEST.matcher(text);
    Matcher channel = CHANNEL.matcher(text);
    if (digest.matches()) {
      return Optional.of(new ByDigest(digest.group(2)));
    } else if (channel.matches()) {
      return Optional.of(new OfChannel(channel.group(1), channel.group(2).equals("previous")));
    }
    return Optional.empty();
  }

  /** Whether it can be nothing but a release: digits alone may be the name of a build. */
  static boolean isPlain(String text) {
    return text.startsWith("sha256") || text.indexOf('@') >= 0;
  }
}
