package dev.moonboot.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The machines of the tests: each has a MAC, a group and a profile of its own. */
enum Machine {
  BIOS_PLAIN(0x01, Firmware.BIOS, Layout.PLAIN),
  BIOS_UKI(0x02, Firmware.BIOS, Layout.UKI),
  BIOS_UNDIONLY(0x03, Firmware.BIOS_UNDIONLY, Layout.PLAIN),
  /** Asks port 4011 for its file. */
  UEFI_AMD64_BINL(0x04, Firmware.UEFI_AMD64, Layout.PLAIN),
  /** Takes its file from the offer. */
  UEFI_AMD64_DIRECT(0x05, Firmware.UEFI_AMD64, Layout.UKI),
  UEFI_AMD64_HTTP_IPXE(0x06, Firmware.UEFI_AMD64_HTTP, Layout.PLAIN),
  UEFI_AMD64_HTTP_UKI(0x07, Firmware.UEFI_AMD64_HTTP, Layout.UKI),
  UEFI_ARM64_PXE(0x08, Firmware.UEFI_ARM64, Layout.PLAIN),
  UEFI_ARM64_HTTP_IPXE(0x09, Firmware.UEFI_ARM64_HTTP, Layout.PLAIN),
  UEFI_ARM64_HTTP_UKI(0x0a, Firmware.UEFI_ARM64_HTTP, Layout.UKI),
  UBOOT_ARM64_PXE(0x0b, Firmware.UBOOT_PXE, Layout.ZBOOT),
  UBOOT_ARM64_DEFAULT(0x0c, Firmware.UBOOT_DEFAULT, Layout.UKI),
  /** In a cloud: nobody answers its DHCP but the cloud, whose metadata holds a script. */
  EC2(0x0d, Firmware.BIOS, Layout.PLAIN);

  private final int number;
  private final Firmware firmware;
  private final Layout layout;

  Machine(int number, Firmware firmware, Layout layout) {
    this.number = number;
    this.firmware = firmware;
    this.layout = layout;
  }

  Firmware firmware() {
    return firmware;
  }

  Layout layout() {
    return layout;
  }

  /** The name of its group and of its profile. */
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String mac() {
    return "52:54:00:e2:e0:%02x".formatted(number);
  }

  /** What the site's DHCP server gives it. */
  String address() {
    return "10.77.0." + (10 + number);
  }

  /** What its group selects by, as members of a JSON object. */
  String selector() {
    return this == EC2 ? Metadata.SELECTOR : "\"mac\": \"" + mac() + "\"";
  }

  /** Whether its firmware loads the release's UKI, and no iPXE before it. */
  boolean loadsUki() {
    return layout == Layout.UKI && (name().endsWith("HTTP_UKI") || this == UBOOT_ARM64_DEFAULT);
  }

  /** What kind of client its DHCP packets were last known for; empty where nobody listened. */
  String seenAs() {
    return switch (firmware) {
      case BIOS -> this == EC2 ? "" : "ipxe";
      case BIOS_UNDIONLY -> "ipxe";
      case UEFI_AMD64, UEFI_ARM64 -> "uefi-pxe";
      case UEFI_AMD64_HTTP, UEFI_ARM64_HTTP -> "uefi-http";
      case UBOOT_PXE, UBOOT_DEFAULT -> "u-boot";
    };
  }

  /** The stages that its boot shows. */
  List<String> stages() {
    if (this == UBOOT_ARM64_DEFAULT) { // asks for a script and a device tree in vain
      return List.of("dhcp", "program", "script", "kernel");
    }
    if (loadsUki()) {
      return List.of("dhcp", "script", "kernel");
    }
    List<String> stages = new ArrayList<>();
    if (this != EC2) {
      stages.add("dhcp");
    }
    if (firmware != Firmware.BIOS && firmware != Firmware.UBOOT_PXE) {
      stages.add("program");
    }
    stages.addAll(List.of("script", "kernel", "initramfs"));
    return stages;
  }

  /** Where iPXE on it asks for its script. */
  String scriptPath() {
    return "/ipxe?mac=" + mac() + "&arch=" + firmware.arch().id();
  }

  /**
   * What the site's DHCP server must tell it, as dnsmasq writes it; empty for all that find us by
   * themselves.
   *
   * @param server the appliance's address
   */
  Optional<String> dhcpBoot(String server) {
    return switch (this) {
      case UBOOT_ARM64_PXE -> Optional.of(",," + server);
      case UBOOT_ARM64_DEFAULT ->
          Optional.of("boot/" + mac().replace(':', '-') + "/uki-arm64.efi,," + server);
      case EC2 -> Optional.of(Metadata.USER_DATA_URL);
      default -> Optional.empty();
    };
  }

  /** Patterns, each of which a line of its console must have. */
  List<String> expected(int release) {
    List<String> lines = new ArrayList<>();
    if (!loadsUki()) {
      lines.add("E2E-CMDLINE .*" + BootData.argument(id()) + "( |$)");
    }
    if (layout == Layout.UKI) { // an argument of the UKI's own command line
      lines.add("E2E-CMDLINE .*e2e.uki=1");
    }
    lines.add("E2E-EXTENSION hello.sqsh hello-from-release-" + release);
    return lines;
  }

  /** The arguments of {@code bootvm} that make it, but for its network. */
  List<String> bootvm(String server) {
    List<String> arguments = new ArrayList<>(firmware.bootvm());
    arguments.addAll(List.of("--mac", mac()));
    switch (firmware) {
      case BIOS_UNDIONLY -> {
        type(arguments, "Ctrl-B for the iPXE", "\\x02");
        String program = "boot/" + mac().replace(':', '-') + "/undionly.kpxe";
        type(arguments, "iPXE>", "dhcp && chain tftp://" + server + "/" + program + "\\r");
      }
      case UBOOT_PXE -> {
        type(arguments, "Hit any key", " ");
        String get = "setenv autoload no; dhcp; setenv bootfile; pxe get && pxe boot";
        type(arguments, "=> ", get + "\\r");
      }
      case BIOS, UEFI_AMD64, UEFI_ARM64, UEFI_AMD64_HTTP, UEFI_ARM64_HTTP, UBOOT_DEFAULT -> {}
    }
    if (this == EC2) {
      arguments.addAll(Metadata.SMBIOS);
    }
    return arguments;
  }

  private static void type(List<String> arguments, String shown, String typed) {
    arguments.addAll(List.of("--send", shown + "~>" + typed));
  }
}
