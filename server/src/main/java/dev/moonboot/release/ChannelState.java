package dev.moonboot.release;

import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Failed;
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
  /** The tag names an image that will not do. */
  REJECTED,
  /** No room for the release on the cache's disk. */
  NO_SPACE,
  /** The cache's disk cannot be written. */
  READ_ONLY;

  /** The state that an outcome leaves the channel in. */
  static ChannelState after(Refresh outcome) {
    return switch (outcome) {
      case Unchanged _, Updated _ -> FOLLOWING;
      case Rejected _ -> REJECTED;
      case Failed(var trouble, var _, var _) ->
          switch (trouble) {
            case TAG_MISSING -> TAG_MISSING;
            case AUTH_FAILED -> AUTH_FAILED;
            case AUTH_REALM_REFUSED -> AUTH_REALM_REFUSED;
            case DIGEST_MISMATCH -> DIGEST_MISMATCH;
            case NO_SPACE -> NO_SPACE;
            case READ_ONLY -> READ_ONLY;
            case BUSY, UNREACHABLE, BAD_ANSWER -> STALE;
          };
    };
  }
}
