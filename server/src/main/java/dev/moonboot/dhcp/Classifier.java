package dev.moonboot.dhcp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.moonboot.firmware.Platform;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells clients apart by what their packets say. What one runs on is read from option 93 (RFC 4578
 * section 2.1, numbers as IANA lists them) and never from the text of option 60: U-Boot writes the
 * number there in hexadecimal, others in decimal.
 */
final class Classifier {
  private static final byte[] IPXE = "iPXE".getBytes(US_ASCII);

  /** In iPXE's option 175 a tag says which protocol it speaks. */
  private static final int FEATURE_HTTP = 0x13;

  private static final int FEATURE_HTTPS = 0x14;
  private static final int FIRST_FEATURE = 0x10;
  private static final int LAST_FEATURE = 0x4f;

  private static final int BIOS = 0x00;
  private static final int U_BOOT_ARM64 = 0x16;
  private static final int RASPBERRY_PI = 0x29;

  private Classifier() {}

  /** What kind of client sent this packet. */
  static ClientClass of(DhcpPacket packet) {
    String vendor = packet.text(Tag.VENDOR_CLASS);
    if (isIpxe(packet)) {
      return ipxe(packet);
    } else if (vendor.startsWith("HTTPClient")) {
      return http(packet);
    } else if (vendor.startsWith("U-Boot")) {
      return uBoot(packet);
    } else if (vendor.startsWith("PXEClient")) {
      return pxe(packet);
    }
    return new ClientClass.Unknown(Silence.NOT_PXE);
  }

  /** Option 77 holds its name, with a length before it (RFC 3004) or without. */
  private static boolean isIpxe(DhcpPacket packet) {
    ByteBuffer user = ByteBuffer.wrap(packet.value(Tag.USER_CLASS));
    if (packet.has(Tag.IPXE) || user.equals(ByteBuffer.wrap(IPXE))) {
      return true;
    }
    while (user.remaining() > 1) {
      int length = user.get();
      if (length <= 0 || length > user.remaining()) {
        return false;
      }
      if (user.slice(user.position(), length).equals(ByteBuffer.wrap(IPXE))) {
        return true;
      }
      user.position(user.position() + length);
    }
    return false;
  }

  private static ClientClass ipxe(DhcpPacket packet) {
    boolean http = false;
    boolean https = false;
    boolean any = false;
    ByteBuffer in = ByteBuffer.wrap(packet.value(Tag.IPXE));
    while (in.remaining() > 1) {
      int tag = in.get() & 0xff;
      int length = in.get() & 0xff;
      any |= tag >= FIRST_FEATURE && tag <= LAST_FEATURE;
      http |= tag == FEATURE_HTTP;
      https |= tag == FEATURE_HTTPS;
      in.position(Math.min(in.limit(), in.position() + length));
    }
    // one that lists nothing is taken for one that can all
    return new ClientClass.Ipxe(platform(packet), http || !any, https || !any);
  }

  private static ClientClass http(DhcpPacket packet) {
    Platform platform = platform(packet);
    return platform == null ? unknown(packet) : new ClientClass.UefiHttp(platform);
  }

  private static ClientClass uBoot(DhcpPacket packet) {
    return has(packet, U_BOOT_ARM64) ? new ClientClass.UBoot(Platform.EFI_ARM64) : unknown(packet);
  }

  /** A Raspberry Pi calls itself what a BIOS calls itself, so it is looked for first. */
  private static ClientClass pxe(DhcpPacket packet) {
    if (has(packet, BIOS) || has(packet, RASPBERRY_PI)) {
      Optional<PiBoard> board = PiBoard.of(packet);
      if (board.isPresent()) {
        return new ClientClass.RaspberryPi(board.get());
      }
    }
    if (has(packet, U_BOOT_ARM64)) {
      return new ClientClass.UBoot(Platform.EFI_ARM64);
    }
    Platform platform = platform(packet);
    if (platform == null) {
      return unknown(packet);
    }
    return platform == Platform.BIOS
        ? new ClientClass.BiosPxe()
        : new ClientClass.UefiPxe(platform);
  }

  private static ClientClass unknown(DhcpPacket packet) {
    boolean told = packet.value(Tag.ARCH).length >= 2;
    return new ClientClass.Unknown(told ? Silence.NO_PROGRAM : Silence.NO_ARCH);
  }

  /** Whether option 93, a list of numbers of two bytes, has {@code arch}. */
  private static boolean has(DhcpPacket packet, int arch) {
    ByteBuffer list = ByteBuffer.wrap(packet.value(Tag.ARCH));
    while (list.remaining() > 1) {
      if (list.getShort() == arch) {
        return true;
      }
    }
    return false;
  }

  /** The first of the list that there is a program for; null for none. */
  private static @Nullable Platform platform(DhcpPacket packet) {
    ByteBuffer list = ByteBuffer.wrap(packet.value(Tag.ARCH));
    while (list.remaining() > 1) {
      Platform platform = platform(list.getShort());
      if (platform != null) {
        return platform;
      }
    }
    return null;
  }

  /**
   * What runs the programs of an architecture. EFI bytecode (9, 0x11) is what many x64 boards say
   * they are; 32-bit machines, RISC-V and LoongArch are not ours.
   */
  static @Nullable Platform platform(int arch) {
    return switch (arch) {
      case BIOS, 0x14 -> Platform.BIOS;
      case 0x07, 0x09, 0x10, 0x11 -> Platform.EFI_AMD64;
      case 0x0b, 0x13, U_BOOT_ARM64, 0x18 -> Platform.EFI_ARM64;
      default -> null;
    };
  }
}
