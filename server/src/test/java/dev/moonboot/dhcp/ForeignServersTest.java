package dev.moonboot.dhcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.moonboot.journal.AuditEvent;
import java.net.Inet4Address;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ForeignServersTest {
  private final Answers answers = new Answers();

  private static Draft offer() {
    return new Draft(DhcpPacket.REPLY)
        .bytes(DhcpPacket.AT_MAC, Packets.octets(Packets.MAC))
        .option(Tag.MESSAGE_TYPE, new byte[] {DhcpPacket.OFFER})
        .option(Tag.SERVER, new byte[] {(byte) 192, 0, 2, 9});
  }

  private static Draft pxe() {
    return offer().option(Tag.VENDOR_CLASS, Packets.text("PXEClient"));
  }

  static Stream<Arguments> offers() {
    return Stream.of(
        arguments("addresses only", offer().option(3, new byte[] {10, 0, 0, 1}), false),
        arguments(
            "a next server without a file",
            offer().address(DhcpPacket.AT_SERVER, Inet4Address.ofLiteral("192.0.2.9")),
            false),
        arguments("PXEClient", pxe(), true),
        arguments("HTTPClient", offer().option(Tag.VENDOR_CLASS, Packets.text("HTTPClient")), true),
        arguments(
            "a file in option 67", offer().option(Tag.BOOT_FILE, Packets.text("x.efi")), true),
        arguments(
            "a file in the header", offer().text(DhcpPacket.AT_FILE, 128, "pxelinux.0"), true),
        arguments(
            "a file of ours",
            offer()
                .address(DhcpPacket.AT_SERVER, Inet4Address.ofLiteral("127.0.0.1"))
                .text(DhcpPacket.AT_FILE, 128, "x.efi"),
            false),
        arguments(
            "a URL of ours",
            offer().option(Tag.BOOT_FILE, Packets.text("http://127.0.0.1:8080/boot.ipxe")),
            false),
        arguments(
            "a URL of somebody's",
            offer().option(Tag.BOOT_FILE, Packets.text("http://boot.example/boot.ipxe")),
            true),
        arguments(
            "our own", pxe().without(Tag.SERVER).option(54, new byte[] {127, 0, 0, 1}), false),
        arguments(
            "a node's packet",
            Packets.discover("PXEClient", 7).option(Tag.BOOT_FILE, Packets.text("x")),
            false));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("offers")
  void d_08_only_servers_that_tell_what_to_boot_are_foreign(
      String what, Draft offer, boolean foreign) {
    answers.foreign().saw(Packets.packet(offer), "eth1");
    assertEquals(foreign ? 1 : 0, answers.audit.size(), what);
  }

  /** Anybody on the network can call himself by as many addresses as he likes. */
  @Test
  void d_08_servers_without_number_fill_neither_log_nor_audit() {
    for (int i = 0; i < 10_000; i++) {
      var server = new byte[] {(byte) 198, 51, (byte) (i >> 8), (byte) i};
      answers
          .foreign()
          .saw(Packets.packet(pxe().without(Tag.SERVER).option(Tag.SERVER, server)), "eth1");
      answers.pass(Duration.ofMillis(1));
    }
    assertTrue(answers.audit.size() <= 100, answers.audit.size() + " events");
    assertTrue(answers.audit.size() >= 32, answers.audit.size() + " events");
    String metrics = answers.meters.scrape();
    assertTrue(metrics.contains("moonboot_dhcp_foreign_total 10000.0"), metrics);
  }

  @Test
  void d_08_each_is_told_of_once_a_minute() {
    for (int i = 0; i < 130; i++) {
      answers
          .foreign()
          .saw(Packets.packet(pxe().option(Tag.BOOT_FILE, Packets.text("a\n.efi"))), "eth1");
      answers.pass(Duration.ofSeconds(1));
    }
    assertEquals(
        List.of("foreign_dhcp_offer", "foreign_dhcp_offer", "foreign_dhcp_offer"),
        answers.audit.stream().map(AuditEvent::event).toList());
    assertEquals(
        Map.of("server", "192.0.2.9", "interface", "eth1", "file", "a\\u000a.efi"),
        answers.audit.getFirst().details());
    assertEquals(Map.of("mac", "52:54:00:e2:e0:01"), answers.audit.getFirst().target());
    String metrics = answers.meters.scrape();
    assertTrue(metrics.contains("moonboot_dhcp_foreign_total 130.0"), metrics);
  }
}
