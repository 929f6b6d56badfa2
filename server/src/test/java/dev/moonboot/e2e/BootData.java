package dev.moonboot.e2e;

import dev.moonboot.assets.Arch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Groups and profiles, in matchbox's format: each machine and board has its own. */
final class BootData {
  private BootData() {}

  /**
   * Writes those of all machines that boot one of these.
   *
   * @param data the folder; made if it is missing
   */
  static void write(Path data, Set<Layout> layouts) throws IOException {
    Files.createDirectories(data.resolve("groups"));
    Files.createDirectories(data.resolve("profiles"));
    for (Machine machine : Machine.values()) {
      if (layouts.contains(machine.layout())) {
        group(data, machine.id(), machine.selector());
        String moonboot = machine.loadsUki() ? "\"first\": \"uki\"" : "";
        profile(data, machine.id(), machine.layout(), machine.firmware().arch(), moonboot);
      }
    }
    if (layouts.contains(RaspberryPi.LAYOUT)) {
      for (RaspberryPi board : RaspberryPi.values()) {
        group(data, board.id(), board.selector());
        String moonboot = "\"raspberry_pi\": {\"boot\": \"kernel\"}";
        profile(data, board.id(), RaspberryPi.LAYOUT, Arch.ARM64, moonboot);
      }
    }
  }

  private static String console(Arch arch) {
    return switch (arch) {
      case ARM64 -> "\"console=ttyAMA0\"";
      // on a busy host an emulated timer ticks too seldom for the kernel's taste
      case AMD64 -> "\"console=ttyS0\", \"no_timer_check\"";
    };
  }

  /** What a kernel is given by the profile of that name, and shows. */
  static String argument(String id) {
    return "e2e.machine=" + id;
  }

  /**
   * @param selector the members of its selector
   */
  private static void group(Path data, String id, String selector) throws IOException {
    Files.writeString(
        data.resolve("groups").resolve(id + ".json"),
        """
        {"id": "%1$s", "profile": "%1$s", "selector": {%2$s}}
        """
            .formatted(id, selector));
  }

  /**
   * @param moonboot the members of its {@code "moonboot"} object
   */
  private static void profile(Path data, String id, Layout layout, Arch arch, String moonboot)
      throws IOException {
    Files.writeString(
        data.resolve("profiles").resolve(id + ".json"),
        """
        {
          "id": "%1$s",
          "moonboot": {%2$s},
          "boot": {
            "kernel": "/assets/talos/%3$s/vmlinuz-%4$s",
            "initrd": ["--name initramfs.xz /assets/talos/%3$s/initramfs-%4$s.xz"],
            "args": ["initrd=initramfs.xz", "{cmdline}", %5$s, "%6$s"]
          }
        }
        """
            .formatted(id, moonboot, layout.id(), arch.id(), console(arch), argument(id)));
  }
}
