package dev.moonboot.profile;

/** What a node is given: by the group that matches it best, and by what unknown nodes get. */
public sealed interface Choice {
  /**
   * This.
   *
   * @param group for a node in quarantine one without a name, selectors or metadata
   */
  record Given(Group group, Profile profile) implements Choice {}

  /** The group's metadata and nothing else: its profile is missing; {@code why} is for people. */
  record GroupOnly(Group group, String why) implements Choice {}

  /** Nothing; {@code why} is for people. */
  record Nothing(String why) implements Choice {}
}
