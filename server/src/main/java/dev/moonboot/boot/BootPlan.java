package dev.moonboot.boot;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one node boots: the profile's boot section with release URLs and command line filled in.
 *
 * @param group name of the group that matched; empty when the profile was chosen without one
 * @param profile name of its profile
 * @param kernel as it stands on the kernel line
 * @param initrd as they stand on the initrd lines, options included
 * @param args kernel arguments, in order
 * @param release the release its URLs name; null when the profile names none of ours
 * @param by why it is that release
 * @param named every release that its URLs name, by the channel in them
 */
public record BootPlan(
    String group,
    String profile,
    String kernel,
    List<String> initrd,
    List<String> args,
    @Nullable Release release,
    By by,
    Map<String, Digest> named) {
  /** Why a plan names its release. */
  public enum By {
    /** The profile is pinned to it. */
    PIN,
    /** It is the head of the channel that the profile names. */
    CHANNEL,
    /** The profile names it itself, or names none. */
    PROFILE;

    /** As it is told to people: {@code pin}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public BootPlan {
    initrd = List.copyOf(initrd);
    args = List.copyOf(args);
    named = Map.copyOf(named);
  }

  /** A plan whose URLs name no release of ours. */
  public BootPlan(
      String group, String profile, String kernel, List<String> initrd, List<String> args) {
    this(group, profile, kernel, initrd, args, null, By.PROFILE, Map.of());
  }

  /** The same with other kernel arguments. */
  public BootPlan withArgs(List<String> others) {
    return new BootPlan(group, profile, kernel, initrd, others, release, by, named);
  }
}
