package dev.moonboot.secret;

import dev.moonboot.profile.Group;
import dev.moonboot.profile.Profile;
import java.util.Optional;

/** Which file a group names as the machine config of its nodes, instead of its profile. */
final class MachineConfig {
  /** The member of a group's metadata that overrides its profile's. */
  static final String MEMBER = Profile.MACHINE_CONFIG;

  private MachineConfig() {}

  /** What the group says, unless it says nothing that can be used. */
  static Optional<String> ofGroup(Group group) {
    return group.metadata().text(MEMBER).filter(Profile::isMachineConfig);
  }

  /** What a node of that group and profile is given. */
  static Optional<String> of(Group group, Profile profile) {
    return isSetBy(group)
        ? ofGroup(group)
        : Optional.of(profile.machineConfig()).filter(file -> !file.isEmpty());
  }

  /** Whether the group overrides what its profile says, if only with nonsense. */
  static boolean isSetBy(Group group) {
    return group.metadata().member(MEMBER).isPresent();
  }
}
