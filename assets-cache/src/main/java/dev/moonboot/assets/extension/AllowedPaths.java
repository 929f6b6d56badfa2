package dev.moonboot.assets.extension;

import dev.moonboot.assets.TalosVersion;
import java.util.ArrayList;
import java.util.List;

/**
 * Where files of extensions may stand by the rules that Talos has for its own (Talos,
 * pkg/machinery/extensions/extensions.go, AllowedPaths). Paths are below {@code rootfs}, without a
 * leading slash.
 */
final class AllowedPaths {
  private static final List<String> ALWAYS =
      List.of(
          "etc/cri/conf.d",
          "etc/ld.so.cache",
          "etc/ld.so.conf",
          "etc/vulkan",
          "usr/bin/nvidia-cdi-hook",
          "usr/bin/nvidia-ctk",
          "usr/bin/nvidia-modprobe",
          "usr/bin/nvidia-pcc",
          "usr/bin/nvidia-smi",
          "usr/local",
          "usr/share/egl",
          "usr/share/glvnd");

  private final List<String> paths = new ArrayList<>(ALWAYS);

  AllowedPaths(TalosVersion talos) {
    if (UsrMerge.isIn(talos)) {
      paths.add("usr/lib/ld-linux-x86-64.so.2");
      paths.add("usr/bin/ldconfig");
    } else {
      paths.add("lib64/ld-linux-x86-64.so.2");
      paths.add("sbin/ldconfig");
    }
    paths.add(UsrMerge.firmware(talos));
    paths.add(UsrMerge.modules(talos));
    paths.add(talos.isAtLeast(9) ? "usr/lib/udev/rules.d" : "usr/etc/udev/rules.d");
    if (talos.isAtLeast(12)) {
      paths.add("usr/lib/ld-linux-aarch64.so.1");
    }
    if (talos.isAtLeast(13)) {
      paths.add("usr/bin/nvme");
    }
  }

  boolean has(String path) {
    return paths.stream()
        .anyMatch(allowed -> path.equals(allowed) || path.startsWith(allowed + "/"));
  }
}
