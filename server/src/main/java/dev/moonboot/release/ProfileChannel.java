package dev.moonboot.release;

/** Which channel a profile follows, by the asset URLs it names. */
public sealed interface ProfileChannel {
  /** All its URLs that are ours name this one. */
  record Follows(String profile, String channel) implements ProfileChannel {}

  /** It has none, or more than one, or names a release itself; {@code why} is for people. */
  record NoneOfOurs(String profile, String why) implements ProfileChannel {}

  /** There is no such profile. */
  record Unknown() implements ProfileChannel {}

  /** Tells it of profiles. */
  @FunctionalInterface
  interface Of {
    /** Which channel the profile of that name follows now. */
    ProfileChannel profile(String name);
  }
}
