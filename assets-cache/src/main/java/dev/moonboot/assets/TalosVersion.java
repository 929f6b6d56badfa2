package dev.moonboot.assets;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Talos version, for what differs between them.
 *
 * @param pre the pre-release part ({@code beta.1}); empty for a release
 */
public record TalosVersion(int major, int minor, int patch, String pre)
    implements Comparable<TalosVersion> {
  private static final Pattern FORM =
      Pattern.compile(
          "v?(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})(?:-([0-9A-Za-z.-]{1,64}))?(?:\\+.*)?");
  private static final Comparator<TalosVersion> ORDER =
      Comparator.comparingInt(TalosVersion::major)
          .thenComparingInt(TalosVersion::minor)
          .thenComparingInt(TalosVersion::patch)
          .thenComparing(version -> PreRelease.parts(version.pre), PreRelease::compare)
          .thenComparing(TalosVersion::pre); // no two that differ are the same

  /** {@code v1.13.6}, {@code 1.14.0-beta.1}; empty for anything else. */
  public static Optional<TalosVersion> parse(String text) {
    Matcher match = FORM.matcher(text);
    if (!match.matches()) {
      return Optional.empty();
    }
    String pre = match.group(4);
    return Optional.of(
        new TalosVersion(
            Integer.parseInt(match.group(1)),
            Integer.parseInt(match.group(2)),
            Integer.parseInt(match.group(3)),
            pre == null ? "" : pre));
  }

  public boolean isRelease() {
    return pre.isEmpty();
  }

  /**
   * Whether it is {@code 1.minor} or newer. Pre-releases of that are, as for Talos itself, which
   * cuts them off where it tells versions apart (Talos, pkg/machinery/imager/quirks).
   */
  public boolean isAtLeast(int wantedMinor) {
    return major > 1 || (major == 1 && minor >= wantedMinor);
  }

  @Override
  public int compareTo(TalosVersion other) {
    return ORDER.compare(this, other);
  }

  /** {@code v1.13.6}. */
  @Override
  public String toString() {
    // no format: some locales have digits of their own
    return "v" + major + "." + minor + "." + patch + (pre.isEmpty() ? "" : "-" + pre);
  }
}
