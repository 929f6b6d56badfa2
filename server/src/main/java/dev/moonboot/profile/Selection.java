package dev.moonboot.profile;

import java.util.Optional;

/** What a node's labels select. */
public sealed interface Selection {
  /** The group that matches best. */
  default Optional<Group> found() {
    return switch (this) {
      case Match(var group, var _) -> Optional.of(group);
      case NoProfile(var group) -> Optional.of(group);
      case None() -> Optional.empty();
    };
  }

  /** This group matches best, and its profile exists. */
  record Match(Group group, Profile profile) implements Selection {}

  /** This group matches best, but its profile is missing or unusable; no other group is tried. */
  record NoProfile(Group group) implements Selection {}

  /** No group matches. */
  record None() implements Selection {}
}
