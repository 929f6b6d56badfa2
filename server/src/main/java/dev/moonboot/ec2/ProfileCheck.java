package dev.moonboot.ec2;

import dev.moonboot.assets.Arch;
import dev.moonboot.profile.Profile;
import dev.moonboot.profile.Profile.NetBoot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether a profile can boot an EC2 instance whose user data is an iPXE script.
 *
 * @param problems why it cannot
 * @param remarks what will be missed
 */
public record ProfileCheck(List<String> problems, List<String> remarks) {
  private static final String PLATFORM = "talos.platform=";
  private static final String CMDLINE = "{cmdline}";

  public ProfileCheck {
    problems = List.copyOf(problems);
    remarks = List.copyOf(remarks);
  }

  /**
   * Looks at what the profile says itself; a release's own command line is not known here.
   *
   * @param arch of the instances; empty when it is not known
   * @param console what Linux calls the serial console
   */
  public static ProfileCheck of(Profile profile, Optional<Arch> arch, String console) {
    Optional<NetBoot> boot = profile.boot();
    if (boot.isEmpty()) {
      return new ProfileCheck(List.of("it boots nothing: it has no \"boot\""), List.of());
    }
    List<String> args = boot.get().args();
    List<String> problems = new ArrayList<>(platform(args));
    arch.ifPresent(wanted -> problems.addAll(otherArch(boot.get(), wanted)));
    return new ProfileCheck(problems, remarks(args, console));
  }

  /**
   * Talos takes the first that it finds; one that says something else is wrong wherever it stands.
   */
  private static List<String> platform(List<String> args) {
    List<String> platforms =
        args.stream()
            .filter(arg -> arg.startsWith(PLATFORM))
            .map(arg -> arg.substring(PLATFORM.length()))
            .toList();
    if (platforms.isEmpty() && !args.contains(CMDLINE)) {
      return List.of(
          "it says no talos.platform, and Talos does not start without one: add"
              + " talos.platform=metal");
    }
    return platforms.stream()
        .filter(platform -> !platform.equals("metal"))
        .map(ProfileCheck::notMetal)
        .toList();
  }

  private static String notMetal(String platform) {
    String how =
        platform.equals("aws")
            ? "read the user data as its machine config, and that is the iPXE script"
            : "look for its machine config where that platform keeps it";
    return "talos.platform=%s: Talos would %s; write talos.platform=metal, and talos.config= with the"
            .formatted(platform, how)
        + " URL of the machine config";
  }

  private static List<String> otherArch(NetBoot boot, Arch wanted) {
    Arch other = wanted == Arch.AMD64 ? Arch.ARM64 : Arch.AMD64;
    return Stream.concat(Stream.of(boot.kernel()), boot.initrd().stream())
        .filter(line -> line.contains("-" + other.id()) || line.contains("/" + other.id() + "/"))
        .map(line ->
            "%s is for %s, and the instances are %s".formatted(line, other.id(), wanted.id()))
        .toList();
  }

  private static List<String> remarks(List<String> args, String console) {
    List<String> remarks = new ArrayList<>();
    if (args.stream().noneMatch(arg -> arg.startsWith("talos.config="))) {
      remarks.add("no talos.config: nodes wait in maintenance mode for talosctl apply-config");
    }
    if (args.stream().noneMatch(arg -> arg.startsWith("console=" + console))) {
      remarks.add(
          "no console=%s: \"Get system log\" shows nothing of the kernel".formatted(console));
    }
    return remarks;
  }
}
