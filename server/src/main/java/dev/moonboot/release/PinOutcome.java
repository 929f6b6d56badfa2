package dev.moonboot.release;

import dev.moonboot.assets.Release;

/** What became of a wish to change what a profile boots. In force when it is told. */
public sealed interface PinOutcome {
  /**
   * The profile boots that release from now on.
   *
   * @param fetched whether it was brought here for this
   */
  record Pinned(Pin pin, Release release, boolean fetched) implements PinOutcome {}

  /** The profile follows its channel again. */
  record Unpinned(Pin was) implements PinOutcome {}

  /** Nothing has changed; {@code why} is for people, and says what to do now. */
  record Refused(Grounds grounds, String why) implements PinOutcome {}

  /** On what grounds a pin is refused. */
  enum Grounds {
    /** The order itself will not do: its reason is too long, or it ends in the past. */
    INVALID,
    /** There is no such profile. */
    NO_SUCH_PROFILE,
    /** The profile's URLs name no channel, or more than one, or a release. */
    NOT_PINNABLE,
    /** The profile has no pin that could be removed. */
    NOT_PINNED,
    /** There is nothing that the profile booted before, or it is not held any more. */
    NO_PREVIOUS,
    /** Several releases have that version. */
    AMBIGUOUS,
    /** Nothing by that name is held, and the registry knows none. */
    NO_SUCH_RELEASE,
    /** The release lacks an architecture that the channel lists. */
    MISSING_ARCH,
    /** What is in the image cannot be booted, or is not what it says. */
    CONTENT,
    /** The signature policy does not allow the release. */
    POLICY,
    /** The release is not held, and cannot be fetched now. */
    NOT_AVAILABLE,
    /** The pin is not the expected one (any more). */
    STALE,
    /** The change could not be written down. */
    NOT_RECORDED
  }
}
