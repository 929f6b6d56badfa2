package dev.moonboot.firmware;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Release;
import dev.moonboot.boot.BootPlan;
import dev.moonboot.release.AssetLookup;
import dev.moonboot.release.ReleasePaths;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of a plan, as U-Boot and PXELINUX can load them: by TFTP and a path below the root,
 * without a slash before it, so that they put their own folder there; and a kernel that is no EFI
 * program where it need not be one.
 */
final class MenuFiles {
  /** What came of a plan. */
  sealed interface Result {}

  /** Paths below the root. */
  record Fit(String kernel, List<String> initrds) implements Result {}

  /** A loader could not load what the plan names. */
  record Unfit(String why) implements Result {}

  private static final Pattern OURS =
      Pattern.compile("(?:\\S*/)?assets/(talos/[^\\s?]+)(?:\\?\\S*)?");
  private static final Pattern ARCH = Pattern.compile("\\$\\{buildarch(:\\w+)?}");
  private static final Pattern CHANNEL = Pattern.compile("/assets/talos/([^/]+)/.*");

  private record Named(AssetLookup.Found found, String channel) {
    Release release() {
      return found.release();
    }

    Asset asset() {
      return found.asset();
    }

    /** Whether the release has that, too. */
    boolean has(AssetName name) {
      return release().asset(asset().arch(), name).isPresent();
    }

    String path(AssetName name) {
      return "assets/talos/%s/%s/%s"
          .formatted(channel, release().digest().fileName(), name.flatName(asset().arch()));
    }
  }

  private final ReleasePaths paths;

  MenuFiles(ReleasePaths paths) {
    this.paths = paths;
  }

  /** The architecture of the plan's kernel, or the only one that its release has. */
  Optional<Arch> arch(BootPlan plan, Asker who) {
    Optional<Arch> named =
        path(plan.kernel())
            .filter(path -> !ARCH.matcher(path).find())
            .flatMap(path -> found(path, who))
            .map(found -> found.asset().arch());
    Release release = plan.release();
    return named.isPresent() || release == null || release.builds().size() > 1
        ? named
        : release.builds().keySet().stream().findFirst();
  }

  Result of(BootPlan plan, Arch arch, Asker who) {
    Optional<Named> kernel = named(plan.kernel(), arch, who);
    if (kernel.isEmpty()) {
      return new Unfit(
          "its kernel is no file of a channel for %s, and nothing else can be loaded by TFTP"
              .formatted(arch.id()));
    }
    List<String> initrds = new ArrayList<>();
    for (String line : plan.initrd()) {
      Optional<Named> initrd = named(line, arch, who);
      if (initrd.isEmpty()) {
        return new Unfit("an initrd of it is no file of a channel");
      }
      initrds.add(initrd.get().path(initrd.get().asset().name()));
    }
    boolean uki = kernel.get().asset().name().equals(AssetName.UKI);
    if (uki && initrds.isEmpty()) {
      initrds.add(kernel.get().path(AssetName.INITRAMFS));
    }
    if (arch == Arch.ARM64 && initrds.size() > 1) {
      return new Unfit("it has %d initrds, and U-Boot loads one".formatted(initrds.size()));
    }
    return new Fit(kernel.get().path(kernelName(kernel.get(), uki)), initrds);
  }

  /** U-Boot starts no EFI zboot kernel, and neither of both a unified kernel image. */
  private static AssetName kernelName(Named kernel, boolean uki) {
    if (kernel.has(AssetName.IMAGE)) {
      return AssetName.IMAGE;
    }
    return uki ? AssetName.VMLINUZ : kernel.asset().name();
  }

  private Optional<Named> named(String line, Arch arch, Asker who) {
    return path(line)
        .map(path -> ARCH.matcher(path).replaceAll(arch.id()))
        .flatMap(path -> found(path, who))
        .filter(found -> found.asset().arch() == arch)
        .flatMap(MenuFiles::named);
  }

  private static Optional<Named> named(AssetLookup.Found found) {
    Matcher channel = CHANNEL.matcher(found.immutablePath());
    return channel.matches() ? Optional.of(new Named(found, channel.group(1))) : Optional.empty();
  }

  /** The path below {@code assets/} in a line of iPXE, which may have options before the URL. */
  private static Optional<String> path(String line) {
    for (String word : line.split("\\s+", -1)) {
      Matcher ours = OURS.matcher(word);
      if (ours.matches()) {
        return Optional.of(ours.group(1));
      }
    }
    return Optional.empty();
  }

  private Optional<AssetLookup.Found> found(String path, Asker who) {
    return paths.lookup(path, who.client()) instanceof AssetLookup.Found found
        ? Optional.of(found)
        : Optional.empty();
  }
}
