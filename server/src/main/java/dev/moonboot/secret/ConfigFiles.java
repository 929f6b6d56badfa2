package dev.moonboot.secret;

import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.Group;
import dev.moonboot.profile.Profile;
import java.util.Optional;

/** Which static file a node is given as its machine config. */
public final class ConfigFiles {
  private ConfigFiles() {}

  /**
   * The file, below the folder of static files; empty when none is named, or no such file can be.
   *
   * @param group by its name; empty for a profile that was chosen without one
   */
  public static Optional<String> of(Catalog catalog, String group, String profile) {
    Optional<Group> found = catalog.group(group);
    Optional<String> file =
        found.isPresent() && MachineConfig.isSetBy(found.get())
            ? MachineConfig.ofGroup(found.get())
            : catalog.profile(profile).map(Profile::machineConfig);
    return file.filter(Profile::isMachineConfig);
  }
}
