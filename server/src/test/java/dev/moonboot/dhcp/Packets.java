package dev.moonboot.dhcp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.moonboot.firmware.BaseUrls;
import dev.moonboot.firmware.FirstFiles;
import dev.moonboot.node.MacAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Packets as nodes send them, and what tests of DHCP share. */
final class Packets {
  static final MacAddress MAC = new MacAddress("52:54:00:e2:e0:01");
  static final MacAddress PI_MAC = new MacAddress("dc:a6:32:e2:e0:01");
  static final Inet4Address HERE = Inet4Address.ofLiteral("10.77.0.2");
  static final Link LINK = new Link(HERE, 1500);
  static final FirstFiles FILES = new FirstFiles(new BaseUrls(List.of(), "http", 8080));
  static final byte[] MACHINE = HexFormat.of().parseHex("0044454c4c510010488058b4c04f333231");

  /** 00 "RPi4", revision 00c03111, e2e0 and so on of the address, serial number 91cdf03d. */
  static final byte[] PI_MACHINE = HexFormat.of().parseHex("00525069341131c00032e2e0013df0cd91");

  private Packets() {}

  /** A DISCOVER of firmware that calls itself so, on {@code arch} (option 93). */
  static Draft discover(String vendor, int arch) {
    return request(DhcpPacket.DISCOVER, vendor, arch);
  }

  static Draft request(int type, String vendor, int arch) {
    return plain(type)
        .option(Tag.VENDOR_CLASS, vendor.getBytes(US_ASCII))
        .option(Tag.ARCH, new byte[] {(byte) (arch >> 8), (byte) arch})
        .option(Tag.INTERFACE, new byte[] {1, 2, 1})
        .option(Tag.MACHINE, MACHINE);
  }

  /** A packet that says nothing of what it comes from. */
  static Draft plain(int type) {
    return new Draft(DhcpPacket.REQUEST)
        .bytes(DhcpPacket.AT_XID, new byte[] {1, 2, 3, 4})
        .bytes(DhcpPacket.AT_MAC, octets(MAC))
        .option(Tag.MESSAGE_TYPE, new byte[] {(byte) type});
  }

  static Draft ipxe() {
    return discover("PXEClient", 7).option(Tag.USER_CLASS, text("iPXE"));
  }

  static Draft pi() {
    return discover("PXEClient:Arch:00000:UNDI:002001", 0)
        .bytes(DhcpPacket.AT_MAC, octets(PI_MAC))
        .without(Tag.MACHINE)
        .option(Tag.MACHINE, PI_MACHINE);
  }

  static byte[] text(String text) {
    return text.getBytes(US_ASCII);
  }

  static byte[] octets(MacAddress mac) {
    return HexFormat.ofDelimiter(":").parseHex(mac.text());
  }

  static DhcpPacket packet(Draft draft) {
    return DhcpPacket.parse(draft.encode()).orElseThrow();
  }

  static ClientClass classOf(Draft draft) {
    return Classifier.of(packet(draft));
  }

  /** A packet that was captured. */
  record Recorded(String machine, int from, int to, DhcpPacket packet) {
    @Override
    public String toString() {
      return machine + " " + packet.type() + " " + packet.text(Tag.VENDOR_CLASS);
    }
  }

  /** All captured packets, in the order in which they were sent. */
  static List<Recorded> recorded() {
    try (var in = Packets.class.getResourceAsStream("/client-vectors/dhcp.txt")) {
      List<Recorded> all = new ArrayList<>();
      String machine = "";
      for (String line : new String(requireNonNull(in).readAllBytes(), UTF_8).lines().toList()) {
        if (line.startsWith("## ")) {
          machine = line.substring(3);
        } else if (!line.startsWith("#")) {
          all.add(recorded(machine, line.split(" ")));
        }
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Recorded recorded(String machine, String[] field) {
    ByteBuffer packet = ByteBuffer.allocate(Integer.parseInt(field[2]));
    packet.put(0, HexFormat.of().parseHex(field[3]));
    if (!field[4].equals("-")) {
      packet.put(DhcpPacket.AT_NAME, HexFormat.of().parseHex(field[4]));
    }
    packet.put(DhcpPacket.AT_COOKIE, HexFormat.of().parseHex(field[5]));
    return new Recorded(
        machine,
        Integer.parseInt(field[0]),
        Integer.parseInt(field[1]),
        DhcpPacket.parse(packet).orElseThrow());
  }
}
