package dev.moonboot.dhcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.dhcp.Packets.Recorded;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What real firmware sent, and whether our answers have what it was seen to need: EDK2, iPXE and
 * U-Boot were tried with many answers, of which those without a server address, without option 54
 * or without a file were ignored or refused.
 */
class RecordedClientsTest {
  private final Answers answers = new Answers();

  static Stream<Recorded> packets() {
    return Packets.recorded().stream();
  }

  @Test
  void each_recorded_packet_is_of_the_class_of_its_client() {
    Map<String, Long> expected =
        new TreeMap<>(
            Map.ofEntries(
                Map.entry("HTTPClient:Arch:00016:UNDI:003000 uefi-http amd64", 6L),
                Map.entry("HTTPClient:Arch:00019:UNDI:003000 uefi-http arm64", 2L),
                Map.entry("PXEClient ipxe amd64", 12L),
                Map.entry("PXEClient ipxe arm64", 2L),
                Map.entry("PXEClient:Arch:00000:UNDI:002001 ipxe amd64", 8L),
                Map.entry("PXEClient:Arch:00007:UNDI:003000 uefi-pxe amd64", 15L),
                Map.entry("PXEClient:Arch:00007:UNDI:003010 ipxe amd64", 2L),
                Map.entry("PXEClient:Arch:0000b:UNDI:003000 uefi-pxe arm64", 2L),
                Map.entry("PXEClient:Arch:00011:UNDI:003000 uefi-pxe arm64", 5L),
                Map.entry("U-Boot.armv8 u-boot arm64", 10L),
                Map.entry("udhcp 1.35.0 unknown", 14L)));
    Map<String, Long> seen = new TreeMap<>();
    packets()
        .forEach(recorded -> {
          ClientClass client = Classifier.of(recorded.packet());
          String text =
              recorded.packet().text(Tag.VENDOR_CLASS) + " " + client.label() + " " + client.arch();
          seen.merge(text.strip(), 1L, Long::sum);
        });
    assertEquals(expected, seen);
  }

  private Answer answer(Recorded recorded) {
    return recorded.to() == Responder.BOOT_PORT
        ? answers
            .responder()
            .onBootPort(
                recorded.packet(),
                Packets.LINK,
                new InetSocketAddress(recorded.packet().client(), recorded.from()))
        : answers.responder().onServerPort(recorded.packet(), Packets.LINK);
  }

  @ParameterizedTest
  @MethodSource("packets")
  void firmware_is_answered_and_what_it_started_is_not(Recorded recorded) {
    DhcpPacket packet = recorded.packet();
    boolean firmware = !packet.text(Tag.VENDOR_CLASS).startsWith("udhcp");
    boolean asks = packet.type() == DhcpPacket.DISCOVER || recorded.to() == Responder.BOOT_PORT;
    Answer answer = answer(recorded);
    assertEquals(firmware && asks, answer instanceof Answer.Reply, answer::toString);
    if (answer instanceof Answer.Reply reply) {
      DhcpPacketFuzz.check(packet, reply.client(), reply.offer());
      isAccepted(recorded, reply);
    }
  }

  /** What edk2 and iPXE were seen to want of a ProxyDHCP's answer. */
  private static void isAccepted(Recorded recorded, Answer.Reply reply) {
    DhcpPacket request = recorded.packet();
    DhcpPacket sent = DhcpPacket.parse(reply.offer().datagram()).orElseThrow();
    assertEquals(request.transaction(), sent.transaction());
    assertEquals(request.mac(), sent.mac());
    assertTrue(sent.yours().isAnyLocalAddress(), "a proxy's offer has no address");
    assertEquals(Packets.HERE, sent.next(), "iPXE ignores an offer whose siaddr is 0");
    assertEquals(Packets.HERE, sent.addressIn(Tag.SERVER).orElseThrow(), "edk2 wants option 54");
    assertFalse(sent.text(Tag.BOOT_FILE).isEmpty(), "each of these is told a file");
    if (reply.offer().file().length() < 128) {
      assertEquals(sent.text(Tag.BOOT_FILE), sent.file(), "U-Boot reads the header only");
    }
    boolean http = request.text(Tag.VENDOR_CLASS).startsWith("HTTPClient");
    assertEquals(http ? "HTTPClient" : "PXEClient", sent.text(Tag.VENDOR_CLASS));
    assertEquals(
        http || reply.client() instanceof ClientClass.Ipxe,
        reply.offer().file().startsWith("http://10.77.0.2:8080/"),
        reply.offer().file());
    if (recorded.to() == Responder.BOOT_PORT) {
      assertEquals(DhcpPacket.ACK, sent.type(), "edk2 needs the ACK there");
      assertEquals(4011, reply.to().getPort(), "edk2 listens on its own port 4011");
      assertEquals(request.client(), reply.to().getAddress());
    } else {
      assertEquals(DhcpPacket.OFFER, sent.type());
      assertEquals("255.255.255.255", reply.to().getAddress().getHostAddress());
      assertEquals(68, reply.to().getPort());
      assertEquals(DhcpPacket.BROADCAST, sent.flags());
    }
  }

  /** A server that gives iPXE the file of its firmware makes it load itself for ever. */
  @Test
  void d_05_ipxe_is_never_told_to_load_ipxe_again() {
    List<Recorded> loop =
        packets().filter(r -> r.machine().equals("ipxe-undionly-2025-loop")).toList();
    assertFalse(loop.isEmpty());
    for (Recorded recorded : loop) {
      if (answer(recorded) instanceof Answer.Reply reply) {
        assertEquals(
            "http://10.77.0.2:8080/boot/52-54-00-e2-e0-01/autoexec.ipxe", reply.offer().file());
      }
    }
  }

  /** Told so, edk2 boots at once, where it would ask on port 4011 otherwise. */
  @Test
  void direct_offers_carry_what_makes_edk2_boot_at_once() {
    var direct = new Answers(Answers.config().mode(Mode.DIRECT));
    Recorded edk2 =
        packets()
            .filter(
                r -> r.packet().text(Tag.VENDOR_CLASS).equals("PXEClient:Arch:00007:UNDI:003000"))
            .findFirst()
            .orElseThrow();
    Answer answer = direct.responder().onServerPort(edk2.packet(), Packets.LINK);
    DhcpPacket sent =
        DhcpPacket.parse(assertInstanceOf(Answer.Reply.class, answer).offer().datagram())
            .orElseThrow();
    String vendor = HexFormat.of().formatHex(sent.value(Tag.VENDOR_OPTIONS));
    assertEquals("0601080a0400" + hex("PXE") + "ff", vendor);
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
  }
}
