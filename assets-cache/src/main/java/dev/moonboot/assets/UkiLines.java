package dev.moonboot.assets;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kernel command lines in a unified kernel image, and the stub that chooses among them (UAPI
 * group, UKI specification, "Multi-Profile UKIs").
 *
 * @param base those that stand before all profiles; normally one
 * @param profiles in the order they stand; the first is what is booted unless another is asked for
 * @param stub what the stub says it is, {@code systemd-stub 257.4}; empty when it does not say
 */
public record UkiLines(List<String> base, List<Profile> profiles, String stub) {
  /** The argument by which Talos erases disks at boot. */
  private static final String WIPE = "talos.experimental.wipe";

  /** Older stubs take no notice of profiles, and the last command line of the file wins. */
  private static final int KNOWS_PROFILES = 257;

  private static final Pattern STUB = Pattern.compile("systemd-stub (\\d{1,6})(?!\\d).*");

  /**
   * A group of sections that stand behind a {@code .profile}.
   *
   * @param id {@code main}, {@code reset-maintenance} …; empty when it has none
   * @param cmdlines normally one; none where those before all profiles hold
   */
  public record Profile(String id, List<String> cmdlines) {
    public Profile {
      cmdlines = List.copyOf(cmdlines);
    }
  }

  public UkiLines {
    base = List.copyOf(base);
    profiles = List.copyOf(profiles);
  }

  /** Whether the stub is known to boot the first profile unless another is asked for. */
  public boolean knowsProfiles() {
    Matcher version = STUB.matcher(stub);
    return version.matches() && Integer.parseInt(version.group(1)) >= KNOWS_PROFILES;
  }

  /**
   * Whether a loader that starts the image and passes no command line of its own may put one in
   * force that wipes disks. A stub that is old, or does not say what it is, may take any of them.
   */
  public boolean wipes() {
    return base.stream().anyMatch(UkiLines::wipes)
        || profiles.stream()
            .limit(knowsProfiles() ? 1 : profiles.size())
            .flatMap(profile -> profile.cmdlines().stream())
            .anyMatch(UkiLines::wipes);
  }

  /**
   * Whether a command line wipes disks: has the argument, with or without value, anywhere. Quotes
   * count for nothing, as the kernel and Talos disagree on what they hold together.
   */
  public static boolean wipes(String cmdline) {
    for (String argument : cmdline.replaceAll("[\"']", "").split("\\s+", -1)) {
      if (argument.equals(WIPE) || argument.startsWith(WIPE + "=")) {
        return true;
      }
    }
    return false;
  }
}
