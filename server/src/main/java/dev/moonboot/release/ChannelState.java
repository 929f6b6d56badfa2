package dev.moonboot.release;

import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Held;
import dev.moonboot.assets.Refresh.Rejected;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;

/** How it stands with a channel. In every state the head, where there is one, keeps serving. */
public enum ChannelState {
  /** Not looked at since start. */
  STARTING,
  /** The head is what the tag names. */
  FOLLOWING,
  /** The registry could not be asked, or not be understood: the head may be out of date. */
  STALE,
  /** The registry does not know the tag (any more). */
  TAG_MISSING,
  /** Credentials were refused. */
  AUTH_FAILED,
  /** The registry wanted our credentials sent to a place they must not go. */
  AUTH_REALM_REFUSED,
  /** The registry answered with content of another digest. */
  DIGEST_MISMATCH,
  /** The tag names an image that cannot be booted, or is not what it says. */
  REJECTED_CONTENT,
  /** The tag names an image without a signature that the policy asks for. */
  REJECTED_SIGNATURE,
  /** A person wants the head to stay; the tag is not looked at. */
  HELD,
  /** The tag went back to an image that was replaced before: a person must say that it is meant. */
  HELD_ROLLBACK,
  /** The tag names an image whose signature is older than the policy allows. */
  HELD_AGE,
  /** No room for the release on the cache's disk. */
  NO_SPACE,
  /** The cache's disk cannot be written. */
  READ_ONLY,
  /** A program of the system is needed to compose the release, and is not there. */
  PROGRAM_MISSING;

  /** The state that an outcome leaves the channel in. */
  static ChannelState after(Refresh outcome) {
    return switch (outcome) {
      case Unchanged _, Updated _ -> FOLLOWING;
      case Rejected(var _, var grounds, var _) ->
          switch (grounds) {
            case CONTENT -> REJECTED_CONTENT;
            case SIGNATURE -> REJECTED_SIGNATURE;
          };
      case Held(var _, var caution, var _) ->
          switch (caution) {
            case ROLLBACK -> HELD_ROLLBACK;
            case AGE -> HELD_AGE;
          };
      case Failed(var trouble, var _, var _) ->
          switch (trouble) {
            case TAG_MISSING -> TAG_MISSING;
            case AUTH_FAILED -> AUTH_FAILED;
            case AUTH_REALM_REFUSED -> AUTH_REALM_REFUSED;
            case DIGEST_MISMATCH -> DIGEST_MISMATCH;
            case NO_SPACE -> NO_SPACE;
            case READ_ONLY -> READ_ONLY;
            case PROGRAM_MISSING -> PROGRAM_MISSING;
            case BUSY, UNREACHABLE, BAD_ANSWER, STOPPED -> STALE;
          };
    };
  }
}
