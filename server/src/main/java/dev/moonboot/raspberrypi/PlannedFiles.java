package dev.moonboot.raspberrypi;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Release;
import dev.moonboot.boot.BootPlan;
import dev.moonboot.firmware.NodeFile;
import dev.moonboot.release.AssetLookup;
import dev.moonboot.release.Releases;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of a plan as the firmware of a Raspberry Pi can start them: the kernel unwrapped, since
 * it knows no EFI (which a zboot kernel needs to unpack itself).
 */
final class PlannedFiles {
  /** What came of it. */
  sealed interface Result {
    /**
     * All of them can be loaded.
     *
     * @param files by the names they are asked for by
     * @param initramfs the names of those of the initramfs, in order
     */
    record Known(Map<String, NodeFile.OfRelease> files, List<String> initramfs) implements Result {}

    record Unusable(String why) implements Result {}
  }

  private static final Pattern OURS = Pattern.compile("(?:^|[\\s/])assets/(talos/[^\\s?]+)");
  private static final Pattern BUILD_ARCH = Pattern.compile("\\$\\{buildarch(:\\w+)?}");

  private PlannedFiles() {}

  static Result of(BootPlan plan, Releases releases) {
    Release release = plan.release();
    if (release == null) {
      return new Result.Unusable("its kernel is none below /assets/talos/");
    }
    Optional<Asset> kernel = release.asset(Arch.ARM64, AssetName.IMAGE);
    if (kernel.isEmpty()) {
      return new Result.Unusable(
          "release %s has no raw kernel for arm64".formatted(release.digest()));
    }
    Map<String, NodeFile.OfRelease> files = new LinkedHashMap<>();
    files.put(ConfigTxt.KERNEL, new NodeFile.OfRelease(kernel.get(), release));
    List<String> names = new ArrayList<>();
    for (String name : ConfigTxt.initramfs(plan.initrd().size())) {
      String entry = plan.initrd().get(names.size());
      Optional<NodeFile.OfRelease> file = initrd(entry, releases);
      if (file.isEmpty()) {
        return new Result.Unusable(
            "initrd %d is no arm64 file below /assets/talos/".formatted(names.size() + 1));
      }
      files.put(name, file.get());
      names.add(name);
    }
    return new Result.Known(files, names);
  }

  private static Optional<NodeFile.OfRelease> initrd(String entry, Releases releases) {
    Matcher ours = OURS.matcher(entry);
    if (!ours.find()) {
      return Optional.empty();
    }
    String path = BUILD_ARCH.matcher(ours.group(1)).replaceAll(Arch.ARM64.id());
    return releases.lookup(path) instanceof AssetLookup.Found(var asset, var release, var _, var _)
            && asset.arch() == Arch.ARM64
        ? Optional.of(new NodeFile.OfRelease(asset, release))
        : Optional.empty();
  }
}
