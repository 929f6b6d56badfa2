package dev.moonboot.boot;

import dev.moonboot.assets.Release;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one node boots: the profile's boot section with release URLs and command line filled in.
 *
 * @param group name of the group that matched
 * @param profile name of its profile
 * @param kernel as it stands on the kernel line
 * @param initrd as they stand on the initrd lines, options included
 * @param args kernel arguments, in order
 * @param release the release its URLs name; null when the profile names none of ours
 */
public record BootPlan(
    String group,
    String profile,
    String kernel,
    List<String> initrd,
    List<String> args,
    @Nullable Release release) {
  public BootPlan {
    initrd = List.copyOf(initrd);
    args = List.copyOf(args);
  }
}
