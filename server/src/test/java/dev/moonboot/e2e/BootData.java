package dev.moonboot.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Groups and profiles, in matchbox's format: each firmware and layout has a MAC of its own. */
final class BootData {
  private BootData() {}

  /** What the machine's kernel must say that it was started with. */
  static String argument(Firmware firmware, Layout layout) {
    return "e2e.group=" + group(firmware, layout);
  }

  /** The name of the machine's group, and of its profile. */
  static String group(Firmware firmware, Layout layout) {
    return firmware.id() + "-" + layout.id();
  }

  /** Where iPXE on that machine asks for its script. */
  static String scriptPath(Firmware firmware, Layout layout) {
    return "/ipxe?mac=" + firmware.mac(layout) + "&arch=" + firmware.arch().id();
  }

  static void write(Path data) throws IOException {
    Files.createDirectories(data.resolve("groups"));
    Files.createDirectories(data.resolve("profiles"));
    for (Firmware firmware : Firmware.values()) {
      for (Layout layout : Layout.values()) {
        write(data, firmware, layout);
      }
    }
  }

  private static void write(Path data, Firmware firmware, Layout layout) throws IOException {
    String id = group(firmware, layout);
    String file = id + ".json";
    Files.writeString(
        data.resolve("groups").resolve(file),
        """
        {"id": "%1$s", "profile": "%1$s", "selector": {"mac": "%2$s"}}
        """
            .formatted(id, firmware.mac(layout)));
    Files.writeString(
        data.resolve("profiles").resolve(file),
        """
        {
          "id": "%1$s",
          "boot": {
            "kernel": "/assets/talos/%2$s/vmlinuz-%3$s",
            "initrd": ["--name initramfs.xz /assets/talos/%2$s/initramfs-%3$s.xz"],
            "args": ["initrd=initramfs.xz", "{cmdline}", "console=%4$s", "%5$s"]
          }
        }
        """
            .formatted(
                id,
                layout.id(),
                firmware.arch().id(),
                firmware.console(),
                argument(firmware, layout)));
  }
}
