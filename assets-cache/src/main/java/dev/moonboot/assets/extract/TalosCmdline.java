package dev.moonboot.assets.extract;

import dev.moonboot.assets.Arch;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kernel command line that Talos itself gives the {@code metal} platform, for images that carry
 * none. Which argument belongs to which version: Talos, {@code pkg/machinery/kernel/kernel.go} and
 * {@code pkg/machinery/imager/quirks}.
 */
final class TalosCmdline {
  private static final Pattern VERSION =
      Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})(-.*)?");

  /** Taken where a version says nothing: the newest whose arguments are known for sure. */
  private static final TalosCmdline NEWEST = new TalosCmdline(1, 13, 0, false);

  /** Talos compressed its initramfs with xz up to 1.7. */
  private static final TalosCmdline LAST_WITH_XZ = new TalosCmdline(1, 7, 0, false);

  private final int major;
  private final int minor;
  private final int patch;
  private final boolean early;

  private TalosCmdline(int major, int minor, int patch, boolean early) {
    this.major = major;
    this.minor = minor;
    this.patch = patch;
    this.early = early;
  }

  /**
   * The arguments, one blank between each.
   *
   * @param version {@code v1.13.6}; where it is anything else, the initramfs tells old from new
   */
  static String metal(String version, Arch arch, Compression initramfs) {
    Matcher match = VERSION.matcher(version);
    TalosCmdline of =
        match.matches()
            ? new TalosCmdline(
                Integer.parseInt(match.group(1)),
                Integer.parseInt(match.group(2)),
                Integer.parseInt(match.group(3)),
                match.group(4) != null)
            : initramfs == Compression.XZ ? LAST_WITH_XZ : NEWEST;
    return String.join(" ", of.arguments(arch));
  }

  private List<String> arguments(Arch arch) {
    List<String> arguments = new ArrayList<>();
    arguments.add("talos.platform=metal");
    switch (arch) {
      case AMD64 -> arguments.addAll(before(8, "console=ttyS0"));
      case ARM64 -> arguments.add("console=ttyAMA0");
    }
    arguments.add("console=tty0");
    arguments.addAll(before(14, "init_on_alloc=1"));
    arguments.addAll(List.of("slab_nomerge", "pti=on", "consoleblank=0"));
    arguments.addAll(before(14, "nvme_core.io_timeout=4294967295"));
    arguments.add("printk.devkmsg=on");
    arguments.addAll(before(11, "ima_template=ima-ng", "ima_appraise=fix", "ima_hash=sha512"));
    arguments.addAll(from(10, "selinux=1"));
    arguments.addAll(from(12, "module.sig_enforce=1"));
    arguments.addAll(from(13, "proc_mem.force_override=never"));
    return arguments;
  }

  private List<String> from(int since, String... arguments) {
    return isAtLeast(since) ? List.of(arguments) : List.of();
  }

  private List<String> before(int until, String... arguments) {
    return isAtLeast(until) ? List.of() : List.of(arguments);
  }

  /** A pre-release of 1.n.0 is older than 1.n.0 (semver.org, 11). */
  private boolean isAtLeast(int wantedMinor) {
    if (major != 1 || minor != wantedMinor) {
      return major > 1 || (major == 1 && minor > wantedMinor);
    }
    return patch > 0 || !early;
  }
}
