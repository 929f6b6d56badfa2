package dev.moonboot.release;

/** What became of a wish to hold a channel, or to follow it again. In force when it is told. */
public sealed interface FollowOutcome {
  /** As it was wished; so it may have been before. */
  record Done(ChannelStatus status) implements FollowOutcome {}

  /** Nothing has changed; {@code why} is for people, and says what to do now. */
  record Refused(Grounds grounds, String why) implements FollowOutcome {}

  /** On what grounds it is refused. */
  enum Grounds {
    /** The reason is too long. */
    INVALID,
    /** There is no such channel. */
    NO_SUCH_CHANNEL,
    /** The change could not be written down. */
    NOT_RECORDED
  }
}
