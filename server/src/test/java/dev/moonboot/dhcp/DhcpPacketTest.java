package dev.moonboot.dhcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DhcpPacketTest {
  private static byte[] bytes(Draft draft) {
    ByteBuffer datagram = draft.encode();
    byte[] bytes = new byte[datagram.remaining()];
    datagram.get(bytes);
    return bytes;
  }

  @Test
  void fields_and_options_are_read_as_they_were_written() {
    Draft draft =
        Packets.discover("PXEClient:Arch:00007:UNDI:003000", 7)
            .flags(DhcpPacket.BROADCAST)
            .address(DhcpPacket.AT_CLIENT, Inet4Address.ofLiteral("10.0.0.1"))
            .address(DhcpPacket.AT_YOURS, Inet4Address.ofLiteral("10.0.0.2"))
            .address(DhcpPacket.AT_SERVER, Inet4Address.ofLiteral("10.0.0.3"))
            .address(DhcpPacket.AT_RELAY, Inet4Address.ofLiteral("10.0.0.4"))
            .text(DhcpPacket.AT_FILE, 128, "a.efi")
            .option(Tag.SERVER, new byte[] {10, 0, 0, 5});
    DhcpPacket packet = Packets.packet(draft);
    assertEquals(DhcpPacket.REQUEST, packet.op());
    assertEquals(DhcpPacket.DISCOVER, packet.type());
    assertEquals(0x01020304, packet.transaction());
    assertEquals(DhcpPacket.BROADCAST, packet.flags());
    assertEquals(Packets.MAC, packet.mac());
    assertEquals(
        List.of("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5"),
        Stream.of(
                packet.client(),
                packet.yours(),
                packet.next(),
                packet.relay(),
                packet.addressIn(Tag.SERVER).orElseThrow())
            .map(Inet4Address::getHostAddress)
            .toList());
    assertEquals("a.efi", packet.file());
    assertEquals("PXEClient:Arch:00007:UNDI:003000", packet.text(Tag.VENDOR_CLASS));
    assertEquals(List.of(53, 60, 93, 94, 97, 54), packet.tags());
    assertEquals(Optional.empty(), packet.addressIn(Tag.MACHINE));
  }

  @Test
  void an_option_sent_in_parts_is_put_together() {
    DhcpPacket packet =
        Packets.packet(
            Packets.plain(1)
                .option(Tag.VENDOR_CLASS, Packets.text("PXE"))
                .option(Tag.USER_CLASS, Packets.text("iPXE"))
                .option(Tag.VENDOR_CLASS, Packets.text("Client")));
    assertEquals("PXEClient", packet.text(Tag.VENDOR_CLASS));
  }

  @Test
  void options_may_end_with_the_packet() {
    byte[] whole = bytes(Packets.discover("PXEClient", 7));
    byte[] cut = Arrays.copyOf(whole, lastOption(whole));
    assertTrue(DhcpPacket.parse(ByteBuffer.wrap(cut)).isPresent());
  }

  private static int lastOption(byte[] packet) {
    int end = packet.length;
    while (packet[end - 1] == 0) {
      end--;
    }
    return end - 1; // without the end option
  }

  @Test
  void values_are_copies() {
    DhcpPacket packet = Packets.packet(Packets.discover("PXEClient", 7));
    packet.value(Tag.MACHINE)[0] = 1;
    assertArrayEquals(Packets.MACHINE, packet.value(Tag.MACHINE));
  }

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of("bad cookie", edit(p -> set(p, 236, 0))),
        Arguments.of("op 0", edit(p -> set(p, 0, 0))),
        Arguments.of("op 3", edit(p -> set(p, 0, 3))),
        Arguments.of("InfiniBand", edit(p -> set(p, 1, 32))),
        Arguments.of("hlen 0", edit(p -> set(p, 2, 0))),
        Arguments.of("hlen 255", edit(p -> set(p, 2, 255))),
        Arguments.of("header only", edit(p -> Arrays.copyOf(p, 240))),
        Arguments.of("cut in the header", edit(p -> Arrays.copyOf(p, 100))),
        Arguments.of("nothing", edit(_ -> new byte[0])),
        Arguments.of("an option past the end", edit(p -> set(p, 241, 255))),
        Arguments.of("a length past the end", edit(p -> set(Arrays.copyOf(p, 241), 240, 53))),
        Arguments.of("no message type", edit(p -> set(p, 240, 200))),
        Arguments.of("two message types", bytes(Packets.plain(1).option(53, new byte[] {1}))),
        Arguments.of("overload", bytes(Packets.plain(1).option(52, new byte[] {3}))),
        Arguments.of("only pads", edit(p -> set(Arrays.copyOf(p, 240 + 1500), 240, 0, 240))),
        Arguments.of("too long", edit(p -> Arrays.copyOf(p, 2049))));
  }

  private static byte[] edit(UnaryOperator<byte[]> change) {
    return change.apply(bytes(Packets.plain(1)));
  }

  private static byte[] set(byte[] packet, int at, int value) {
    packet[at] = (byte) value;
    return packet;
  }

  private static byte[] set(byte[] packet, int at, int value, int from) {
    Arrays.fill(packet, from, packet.length, (byte) value);
    return set(packet, at, value);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void d_03_what_is_broken_is_no_packet(String what, byte[] datagram) {
    assertEquals(Optional.empty(), DhcpPacket.parse(ByteBuffer.wrap(datagram)), what);
  }

  @Test
  void d_03_many_pads_are_passed_over() {
    byte[] whole = bytes(Packets.discover("PXEClient", 7));
    byte[] padded = new byte[whole.length + 1500];
    System.arraycopy(whole, 0, padded, 0, 240);
    System.arraycopy(whole, 240, padded, 240 + 1500, whole.length - 240);
    assertEquals(
        List.of(53, 60, 93, 94, 97),
        DhcpPacket.parse(ByteBuffer.wrap(padded)).orElseThrow().tags());
  }
}
