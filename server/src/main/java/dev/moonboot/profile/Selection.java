package dev.moonboot.profile;

/** What a node's labels select. */
public sealed interface Selection {
  /** This group matches best, and its profile exists. */
  record Match(Group group, Profile profile) implements Selection {}

  /** This group matches best, but its profile is missing or unusable; no other group is tried. */
  record NoProfile(Group group) implements Selection {}

  /** No group matches. */
  record None() implements Selection {}
}
