package dev.moonboot.assets.extension;

import dev.moonboot.assets.TalosVersion;
import java.util.List;

/**
 * Where files of extensions may stand by the rules that Talos has for its own (Talos,
 * pkg/machinery/extensions/extensions.go, AllowedPaths, in each release from 1.2 to 1.14). Paths
 * are below {@code rootfs}, without a leading slash.
 */
final class AllowedPaths {
  private static final int EVER = Integer.MAX_VALUE;

  /** In the releases 1.{@code from} up to the one before 1.{@code until}. */
  private record Rule(int from, int until, String path) {
    boolean holds(TalosVersion talos) {
      return talos.isAtLeast(from) && (until == EVER || !talos.isAtLeast(until));
    }
  }

  private static final List<Rule> RULES =
      List.of(
          new Rule(0, EVER, "etc/cri/conf.d"),
          new Rule(0, EVER, "usr/local"),
          new Rule(0, 9, "usr/etc/udev/rules.d"),
          new Rule(9, EVER, "usr/lib/udev/rules.d"),
          new Rule(0, 10, "lib/firmware"),
          new Rule(0, 10, "lib/modules"),
          new Rule(0, 10, "lib64/ld-linux-x86-64.so.2"),
          new Rule(9, 10, "sbin/ldconfig"),
          new Rule(10, EVER, "usr/lib/firmware"),
          new Rule(10, EVER, "usr/lib/modules"),
          new Rule(10, EVER, "usr/lib/ld-linux-x86-64.so.2"),
          new Rule(10, EVER, "usr/bin/ldconfig"),
          new Rule(5, EVER, "etc/vulkan"),
          new Rule(5, EVER, "usr/share/egl"),
          new Rule(5, EVER, "usr/share/glvnd"),
          new Rule(12, EVER, "usr/lib/ld-linux-aarch64.so.1"),
          new Rule(13, EVER, "etc/ld.so.cache"),
          new Rule(13, EVER, "etc/ld.so.conf"),
          new Rule(13, EVER, "usr/bin/nvidia-cdi-hook"),
          new Rule(13, EVER, "usr/bin/nvidia-ctk"),
          new Rule(13, EVER, "usr/bin/nvidia-modprobe"),
          new Rule(13, EVER, "usr/bin/nvidia-pcc"),
          new Rule(13, EVER, "usr/bin/nvidia-smi"),
          new Rule(13, EVER, "usr/bin/nvme"));

  private final List<String> paths;

  AllowedPaths(TalosVersion talos) {
    this.paths = RULES.stream().filter(rule -> rule.holds(talos)).map(Rule::path).toList();
  }

  boolean has(String path) {
    return paths.stream()
        .anyMatch(allowed -> path.equals(allowed) || path.startsWith(allowed + "/"));
  }
}
