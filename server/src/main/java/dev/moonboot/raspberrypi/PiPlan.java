package dev.moonboot.raspberrypi;

import dev.moonboot.assets.Digest;
import dev.moonboot.boot.BootPlan;
import dev.moonboot.firmware.NodeFile;
import dev.moonboot.profile.PiBoot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one Raspberry Pi boots, from its first file to its last: nothing in it changes when a
 * channel moves or a profile is edited.
 *
 * @param boot as its arguments are before they are filled in
 * @param files of releases, by the names that {@code configTxt} gives them
 */
record PiPlan(
    PiNode node,
    BootPlan boot,
    PiBoot how,
    PiFirmware firmware,
    Map<String, NodeFile.OfRelease> files,
    String configTxt) {
  PiPlan {
    files = Map.copyOf(files);
  }

  /** The file that its firmware starts: the last {@code kernel=} counts. */
  String started() {
    return value("kernel").orElse(ConfigTxt.UEFI);
  }

  /** What it is to load of ours, the kernel first. */
  List<String> loads() {
    return files.isEmpty()
        ? List.of(started())
        : files.keySet().stream().sorted((a, b) -> b.compareTo(a)).toList(); // vmlinuz, initramfs
  }

  private Optional<String> value(String key) {
    return configTxt
        .lines()
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1).strip())
        .reduce((_, last) -> last);
  }

  /** The releases that its files are of, by channel. */
  Map<String, Digest> named() {
    Map<String, Digest> named = new LinkedHashMap<>(firmware.named());
    named.putAll(boot.named());
    return named;
  }
}
