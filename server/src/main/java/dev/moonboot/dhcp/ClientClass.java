package dev.moonboot.dhcp;

import dev.moonboot.firmware.Platform;
import org.jspecify.annotations.Nullable;

/** What kind of firmware asks. */
public sealed interface ClientClass {
  /** A ROM of a PC's BIOS. */
  record BiosPxe() implements ClientClass {}

  /** UEFI that loads its first file by TFTP. */
  record UefiPxe(Platform platform) implements ClientClass {}

  /** UEFI that loads its first file by HTTP. */
  record UefiHttp(Platform platform) implements ClientClass {}

  /**
   * iPXE, whatever loaded it.
   *
   * @param platform null where there is no program for it
   * @param http whether it can load by HTTP
   * @param https whether it can load by HTTPS
   */
  record Ipxe(@Nullable Platform platform, boolean http, boolean https) implements ClientClass {}

  /** U-Boot's own commands; where it acts as UEFI it is {@link UefiPxe}. */
  record UBoot(Platform platform) implements ClientClass {}

  /** A Raspberry Pi's boot ROM or EEPROM: it knows which files it wants. */
  record RaspberryPi(PiBoard board) implements ClientClass {}

  /** Nobody that gets an answer. */
  record Unknown(Silence why) implements ClientClass {}

  /** A word for logs, meters and {@code Sightings}: {@code uefi-pxe}. */
  default String label() {
    return switch (this) {
      case BiosPxe() -> "bios-pxe";
      case UefiPxe _ -> "uefi-pxe";
      case UefiHttp _ -> "uefi-http";
      case Ipxe _ -> "ipxe";
      case UBoot _ -> "u-boot";
      case RaspberryPi _ -> "raspberry-pi";
      case Unknown _ -> "unknown";
    };
  }

  /** {@code amd64} or {@code arm64}; empty where that is not known. */
  default String arch() {
    return switch (this) {
      case BiosPxe() -> Platform.BIOS.arch().id();
      case UefiPxe(var platform) -> platform.arch().id();
      case UefiHttp(var platform) -> platform.arch().id();
      case Ipxe ipxe -> ipxe.platform() == null ? "" : ipxe.platform().arch().id();
      case UBoot(var platform) -> platform.arch().id();
      case RaspberryPi _ -> Platform.EFI_ARM64.arch().id();
      case Unknown _ -> "";
    };
  }
}
