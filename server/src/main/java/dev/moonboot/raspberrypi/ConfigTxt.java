package dev.moonboot.raspberrypi;

import dev.moonboot.profile.PiBoot;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code config.txt} of a profile. A later line wins, so the profile's own come last, below
 * {@code [all]}.
 */
final class ConfigTxt {
  /** What the kernel is called there. */
  static final String KERNEL = "vmlinuz";

  /** What U-Boot is called, there and in the firmware. */
  static final String U_BOOT = "u-boot.bin";

  /** What the UEFI firmware is called, there and in its folder. */
  static final String UEFI = "RPI_EFI.fd";

  /** What every way but UEFI begins with: as Talos's own overlay for Raspberry Pis has it. */
  private static final List<String> COMMON =
      List.of(
          "arm_64bit=1",
          "gpu_mem=32",
          "hdmi_safe:0=1",
          "hdmi_safe:1=1",
          "enable_uart=1",
          "[pi3]",
          "dtoverlay=disable-bt",
          "dtoverlay=disable-wifi",
          "[pi4]",
          "arm_boost=1",
          "dtoverlay=disable-bt",
          "dtoverlay=disable-wifi",
          "[pi5]",
          "enable_uart=0",
          "[all]");

  /** Where the folder of the UEFI firmware has no {@code config.txt} of its own. */
  private static final List<String> FOR_UEFI =
      List.of(
          "arm_64bit=1",
          "enable_uart=1",
          "uart_2ndstage=1",
          "enable_gic=1",
          "armstub=" + UEFI,
          "disable_commandline_tags=1",
          "disable_overscan=1",
          "dtoverlay=miniuart-bt",
          "[pi3]",
          "device_tree_address=0x1f0000",
          "device_tree_end=0x200000",
          "[pi4]",
          "arm_boost=1",
          "device_tree_address=0x3e0000",
          "device_tree_end=0x400000",
          "dtoverlay=upstream-pi4",
          "[all]");

  private ConfigTxt() {}

  /** The names of so many initramfs files, in order. */
  static List<String> initramfs(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      names.add(i == 1 ? "initramfs.xz" : "initramfs-" + i + ".xz");
    }
    return names;
  }

  /**
   * The text, in lines.
   *
   * @param profile its name, for a comment
   * @param initramfs what the files of the initramfs are called
   * @param ofUefi what the folder of the UEFI firmware says itself; empty for nothing
   */
  static String render(String profile, PiBoot how, List<String> initramfs, String ofUefi) {
    List<String> lines = new ArrayList<>();
    lines.add("# written by moonboot for profile " + profile);
    switch (how.way()) {
      case KERNEL -> {
        lines.add("kernel=" + KERNEL);
        if (!initramfs.isEmpty()) {
          lines.add("initramfs " + String.join(",", initramfs) + " followkernel");
        }
        lines.addAll(COMMON);
      }
      case U_BOOT -> {
        lines.add("kernel=" + U_BOOT);
        lines.addAll(COMMON);
      }
      case UEFI -> {
        if (ofUefi.isBlank()) {
          lines.addAll(FOR_UEFI);
        } else {
          ofUefi.lines().forEach(lines::add);
          lines.add("[all]");
        }
      }
    }
    lines.addAll(how.configTxt());
    return String.join("\n", lines) + "\n";
  }
}
