package dev.moonboot.assets;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one look at a channel led to. */
public sealed interface Refresh {
  /** The tag still names the head; nothing was fetched and nothing written. */
  record Unchanged(Release head) implements Refresh {}

  /**
   * The tag names another image, and its release is now the head.
   *
   * @param previous the head before; null when there was none
   * @param downloaded bytes fetched for it; 0 when all layers were known
   */
  record Updated(Release head, @Nullable Digest previous, long downloaded) implements Refresh {}

  /** The image will not do; the old head stays. Not tried again for a while. */
  record Rejected(Digest digest, Grounds grounds, String why) implements Refresh {}

  /** On what grounds an image will not do. */
  enum Grounds {
    /** What is in it cannot be booted, or is not what it says. */
    CONTENT,
    /** No signature that the policy asks for covers it. */
    SIGNATURE
  }

  /** The image may be good, but a person must say so first; the old head stays. */
  record Held(Digest digest, Caution caution, String why) implements Refresh {}

  /** What makes an image wait for a person. */
  enum Caution {
    /** The tag went back to what was replaced before. */
    ROLLBACK,
    /** Its signature is older than the policy allows. */
    AGE
  }

  /**
   * It could not be found out or fetched; the old head stays.
   *
   * @param retryAfter what the registry asked for; null when it did not say
   */
  record Failed(Trouble trouble, String why, @Nullable Duration retryAfter) implements Refresh {}

  /** What stood in the way. */
  enum Trouble {
    /** The registry does not know the tag (any more). */
    TAG_MISSING,
    /** Credentials were refused. */
    AUTH_FAILED,
    /** The registry wanted our credentials sent to a place they must not go. */
    AUTH_REALM_REFUSED,
    /** The registry answered with content of another digest. */
    DIGEST_MISMATCH,
    /** The registry asked us to come later. */
    BUSY,
    /** No connection, time-out or server error. */
    UNREACHABLE,
    /** The registry's answer cannot be used (malformed, too large, forbidden redirect). */
    BAD_ANSWER,
    /** No room for it on the cache's disk. */
    NO_SPACE,
    /** The cache's disk cannot be written. */
    READ_ONLY,
    /** A program of the system is needed to compose it, and is not there. */
    PROGRAM_MISSING,
    /** It was broken off, because moonboot stops: that says nothing of the image. */
    STOPPED
  }

  /** The release this leaves at the head, where this outcome says. */
  default Optional<Release> release() {
    return switch (this) {
      case Unchanged(var head) -> Optional.of(head);
      case Updated(var head, var _, var _) -> Optional.of(head);
      case Rejected _, Held _, Failed _ -> Optional.empty();
    };
  }
}
