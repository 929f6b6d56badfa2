package dev.moonboot.firmware;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Release;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.Profile;
import dev.moonboot.release.Releases;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Keeps firmware from starting a unified kernel image that is damaged, or that wipes disks:
 * firmware gives the image no arguments, so one of its own command lines is in force.
 */
final class UkiGuard {
  /** The argument by which Talos erases disks at boot. */
  private static final String WIPE = "talos.experimental.wipe";

  private final Supplier<Catalog> catalog;
  private final Releases releases;

  UkiGuard(Supplier<Catalog> catalog, Releases releases) {
    this.catalog = catalog;
    this.releases = releases;
  }

  /** Why the image is not given to firmware; empty when it may be. */
  Optional<String> refusal(String profile, Release release, Arch arch) {
    if (!wipes(release, arch) || allows(profile)) {
      return Optional.empty();
    }
    return Optional.of(
        ("the unified kernel image of release %s would wipe disks (%s in a command line that can be"
                + " in force); set \"moonboot\": {\"allow_wipe\": true} in profile %s if that is"
                + " meant")
            .formatted(release.digest(), WIPE, profile));
  }

  /** Whether that release is still there as it was. */
  boolean isThere(Release release) {
    return releases.isServable(release.digest());
  }

  private boolean allows(String profile) {
    return catalog
        .get()
        .profile(profile)
        .map(Profile::extensions)
        .filter(extensions -> extensions.allowWipe())
        .isPresent();
  }

  private boolean wipes(Release release, Arch arch) {
    Build build = release.builds().get(arch);
    if (build != null && build.uki() != null) {
      return build.uki().wipes();
    }
    // made before it was looked at: the one command line that is known
    return releases
        .cmdline(release.digest(), arch)
        .map(line -> Arrays.asList(line.replaceAll("[\"']", "").split("\\s+", -1)))
        .filter(
            args -> args.stream().anyMatch(arg -> arg.equals(WIPE) || arg.startsWith(WIPE + "=")))
        .isPresent();
  }
}
