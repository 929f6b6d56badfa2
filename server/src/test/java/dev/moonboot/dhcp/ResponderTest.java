package dev.moonboot.dhcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.moonboot.dhcp.Answer.Reply;
import dev.moonboot.dhcp.Answer.Silent;
import dev.moonboot.journal.Boot;
import dev.moonboot.journal.BootFilter;
import dev.moonboot.node.Sighting;
import dev.moonboot.testing.LogCapture;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ResponderTest {
  private static final String UEFI = "PXEClient:Arch:00007:UNDI:003000";
  private static final String BIOS = "PXEClient:Arch:00000:UNDI:002001";
  private static final Inet4Address NODE = Inet4Address.ofLiteral("10.77.0.141");
  private static final InetSocketAddress AT_4011 = new InetSocketAddress(NODE, 4011);

  private final Answers answers = new Answers();

  private static Silence why(Answer answer) {
    return assertInstanceOf(Silent.class, answer).why();
  }

  private static Reply reply(Answer answer) {
    return assertInstanceOf(Reply.class, answer, answer::toString);
  }

  private Answer at4011(Draft draft) {
    return answers.responder().onBootPort(Packets.packet(draft), Packets.LINK, AT_4011);
  }

  static Stream<Arguments> others() {
    Draft uefi = Packets.discover(UEFI, 7);
    return Stream.of(
        arguments("no option 93", uefi.without(Tag.ARCH), Silence.NO_ARCH),
        arguments(
            "no option 60", Packets.discover(UEFI, 7).without(Tag.VENDOR_CLASS), Silence.NOT_PXE),
        arguments("an operating system", Packets.discover("udhcp 1.35.0", 7), Silence.NOT_PXE),
        arguments("neither", Packets.plain(DhcpPacket.DISCOVER), Silence.NOT_PXE));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("others")
  void d_01_who_does_not_boot_from_the_network_gets_no_answer(
      String what, Draft draft, Silence expected) {
    assertEquals(expected, why(answers.broadcast(draft)), what);
  }

  @Test
  void d_03_what_a_server_sends_gets_no_answer() {
    Draft offer = new Draft(DhcpPacket.REPLY).option(Tag.MESSAGE_TYPE, new byte[] {2});
    assertEquals(Silence.NOT_ASKED, why(answers.broadcast(offer)));
    assertEquals(Silence.NOT_ASKED, why(at4011(offer)));
  }

  @Test
  void nothing_but_a_discover_is_answered_to_all() {
    for (int type : new int[] {DhcpPacket.ASK, 4, 7, DhcpPacket.INFORM, 13, 255}) {
      assertEquals(
          Silence.NOT_ASKED, why(answers.broadcast(Packets.request(type, UEFI, 7))), "" + type);
    }
  }

  static Stream<Arguments> first() {
    String tftp = "boot/52-54-00-e2-e0-01/";
    String http = "http://10.77.0.2:8080/boot/52-54-00-e2-e0-01/";
    return Stream.of(
        arguments("PXEClient", 0, tftp + "undionly.kpxe"),
        arguments("PXEClient", 7, tftp + "ipxe-amd64.efi"),
        arguments("PXEClient", 9, tftp + "ipxe-amd64.efi"),
        arguments("PXEClient", 11, tftp + "ipxe-arm64.efi"),
        arguments("HTTPClient", 16, http + "ipxe-amd64.efi"),
        arguments("HTTPClient", 19, http + "ipxe-arm64.efi"),
        arguments("U-Boot.armv8", 22, tftp + "ipxe-arm64.efi"));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("first")
  void d_05_firmware_is_given_the_loader_of_its_architecture(String vendor, int arch, String file) {
    assertEquals(file, reply(answers.broadcast(Packets.discover(vendor, arch))).offer().file());
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("first")
  void d_05_ipxe_is_given_its_script_on_each_of_them(String vendor, int arch, String file) {
    Draft ipxe = Packets.discover(vendor, arch).option(Tag.USER_CLASS, Packets.text("iPXE"));
    assertEquals(
        "http://10.77.0.2:8080/boot/52-54-00-e2-e0-01/autoexec.ipxe",
        reply(answers.broadcast(ipxe)).offer().file());
  }

  @ParameterizedTest
  @MethodSource("silentOnes")
  void d_05_there_is_no_loader_for_others(int arch) {
    assertEquals(Silence.NO_PROGRAM, why(answers.broadcast(Packets.discover("PXEClient", arch))));
  }

  static Stream<Integer> silentOnes() {
    return Stream.of(6, 10, 18, 21, 27, 39);
  }

  @Test
  void a_node_without_a_program_is_told_of_in_one_line() {
    try (var log = new LogCapture(DhcpListener.class)) {
      for (int i = 0; i < 20; i++) {
        var _ = answers.atOnce().onServerPort(noProgram(), Packets.LINK);
      }
      assertEquals(5, log.messages(Level.INFO).size());
      assertEquals(
          "dhcp node=52:54:00:e2:e0:01 client=\"PXEClient\\u000d\\u000a${x}\" arch=0006"
              + " answer=none why=\"there is no boot program for its architecture\"",
          log.messages(Level.INFO).getFirst());
    }
  }

  /** Text of a packet stands in the log, escaped, and nowhere else. */
  @Test
  void d_11_text_of_a_client_is_escaped_in_the_log() {
    try (var log = new LogCapture(DhcpListener.class)) {
      var _ = answers.atOnce().onServerPort(noProgram(), Packets.LINK);
      assertFalse(
          log.messages(Level.INFO).getFirst().contains("\n"), log.messages(Level.INFO)::toString);
    }
  }

  @Test
  void d_11_text_of_a_client_is_in_no_answer() {
    Draft draft =
        Packets.discover("PXEClient\r\n\"${x}\"", 7)
            .option(12, Packets.text("evil\r\n${net0/mac}"))
            .option(Tag.USER_CLASS, Packets.text("iPXE"));
    Reply reply = reply(answers.broadcast(draft));
    byte[] sent = new byte[reply.offer().datagram().remaining()];
    reply.offer().datagram().get(sent);
    String text = new String(sent, StandardCharsets.ISO_8859_1);
    assertFalse(text.contains("${") || text.contains("evil") || text.contains("\r\n"), text);
  }

  private static DhcpPacket noProgram() {
    return Packets.packet(Packets.discover("PXEClient\r\n${x}", 6));
  }

  @Test
  void d_04_a_node_that_no_group_selects_can_be_left_alone() {
    var strict = new Answers(Answers.config().knownOnly());
    try (var log = new LogCapture(DhcpListener.class)) {
      for (int i = 0; i < 20; i++) {
        assertEquals(
            Silence.UNKNOWN_NODE,
            why(
                strict
                    .atOnce()
                    .onServerPort(Packets.packet(Packets.discover(UEFI, 7)), Packets.LINK)));
      }
      assertEquals(5, log.messages(Level.INFO).size());
    }
    strict.selected.add(Packets.MAC);
    assertTrue(strict.broadcast(Packets.discover(UEFI, 7)) instanceof Reply);
  }

  @Test
  void a_node_that_is_told_nothing_to_load_stands_in_the_timeline() {
    var strict = new Answers(Answers.config().knownOnly());
    strict.broadcast(Packets.discover(UEFI, 7));
    List<Boot> boots = strict.boots.recent(BootFilter.ALL, 10);
    assertEquals(List.of(Packets.MAC.text()), boots.stream().map(b -> b.node().mac()).toList());
    Boot whole = strict.boots.find(boots.getFirst().id()).orElseThrow();
    assertEquals("not_offered", whole.timeline().events().getFirst().what());
  }

  @Test
  void d_07_an_answer_goes_to_a_relay_that_is_known() {
    var relayed = new Answers(Answers.config().relays("10.9.0.0/16"));
    Draft draft =
        Packets.discover(UEFI, 7).address(DhcpPacket.AT_RELAY, Inet4Address.ofLiteral("10.9.0.1"));
    assertEquals(
        new InetSocketAddress(Inet4Address.ofLiteral("10.9.0.1"), 67),
        reply(relayed.broadcast(draft)).to());
    Draft other = draft.address(DhcpPacket.AT_RELAY, Inet4Address.ofLiteral("10.10.0.1"));
    assertEquals(Silence.RELAY, why(relayed.broadcast(other)));
  }

  @Test
  void what_comes_to_port_4011_is_answered_where_it_came_from() {
    Reply reply =
        reply(at4011(Packets.request(DhcpPacket.ASK, UEFI, 7).address(DhcpPacket.AT_CLIENT, NODE)));
    assertEquals(AT_4011, reply.to());
    DhcpPacket sent = DhcpPacket.parse(reply.offer().datagram()).orElseThrow();
    assertEquals(DhcpPacket.ACK, sent.type());
    assertEquals(NODE, sent.client());
    assertTrue(at4011(Packets.request(DhcpPacket.INFORM, BIOS, 0)) instanceof Reply);
  }

  @Test
  void a_request_for_another_server_is_not_for_us() {
    Draft request = Packets.request(DhcpPacket.ASK, UEFI, 7);
    assertTrue(at4011(request.option(Tag.SERVER, Packets.HERE.getAddress())) instanceof Reply);
    Draft other = request.without(Tag.SERVER).option(Tag.SERVER, new byte[] {10, 77, 0, 9});
    assertEquals(Silence.NOT_ASKED, why(at4011(other)));
    assertEquals(Silence.NOT_ASKED, why(at4011(Packets.discover(UEFI, 7))));
  }

  /** Some ROMs say on port 4011 only who they are. */
  @Test
  void what_a_packet_leaves_out_is_known_from_the_one_before() {
    Draft bare = Packets.plain(DhcpPacket.ASK);
    assertEquals(Silence.NOT_PXE, why(at4011(bare)));
    assertTrue(answers.broadcast(Packets.discover(BIOS, 0)) instanceof Reply);
    assertEquals("boot/52-54-00-e2-e0-01/undionly.kpxe", reply(at4011(bare)).offer().file());
    answers.pass(Duration.ofMinutes(6));
    assertEquals(Silence.NOT_PXE, why(at4011(bare)));
  }

  /**
   * Trap: firmware prefers a router that calls itself a PXE server to an offer without option 43.
   */
  @Test
  void trap_24_direct_offers_say_that_nobody_need_be_asked() {
    var direct = new Answers(Answers.config().mode(Mode.DIRECT));
    assertEquals(
        List.of("", "0601080a0400505845ff"),
        Stream.of(answers, direct)
            .map(all -> vendorOptions(all.broadcast(Packets.discover(UEFI, 7))))
            .toList());
  }

  private static String vendorOptions(Answer answer) {
    DhcpPacket sent = DhcpPacket.parse(reply(answer).offer().datagram()).orElseThrow();
    return HexFormat.of().formatHex(sent.value(Tag.VENDOR_OPTIONS));
  }

  @Test
  void a_quirk_is_for_who_begins_as_it_says() {
    var quirky =
        new Answers(
            Answers.config()
                .quirks(
                    new Quirk("52:54:00:e2", "PXEClient:Arch:00007", Mode.DIRECT),
                    new Quirk("52:54:00", "", Mode.SILENT),
                    new Quirk("", "HTTPClient", Mode.SILENT)));
    assertEquals(
        "0601080a0400505845ff", vendorOptions(quirky.broadcast(Packets.discover(UEFI, 7))));
    assertEquals(
        Silence.QUIRK, why(quirky.broadcast(Packets.discover("PXEClient:Arch:00011", 11))));
    Draft other = Packets.discover("PXEClient:Arch:00011", 11);
    assertEquals(
        "", vendorOptions(quirky.broadcast(other.bytes(DhcpPacket.AT_MAC, new byte[] {2, 0}))));
    Draft http = Packets.discover("HTTPClient:Arch:00016", 16);
    assertEquals(
        Silence.QUIRK, why(quirky.broadcast(http.bytes(DhcpPacket.AT_MAC, new byte[] {2, 0}))));
  }

  @Test
  void an_ipxe_that_cannot_load_by_http_is_not_given_another_for_ever() {
    Draft poor = Packets.ipxe().option(Tag.IPXE, new byte[] {0x21, 1, 1});
    String program = "boot/52-54-00-e2-e0-01/ipxe-amd64.efi";
    assertEquals(program, reply(answers.broadcast(poor)).offer().file());
    assertEquals(program, reply(answers.broadcast(poor)).offer().file(), "the same one again");
    Draft later = poor.bytes(DhcpPacket.AT_XID, new byte[] {9, 9, 9, 9});
    assertEquals(
        "http://10.77.0.2:8080/boot/52-54-00-e2-e0-01/autoexec.ipxe",
        reply(answers.broadcast(later)).offer().file());
  }

  @Test
  void who_was_answered_is_noted_with_what_it_said() {
    answers.responder().told(reply(answers.broadcast(Packets.discover(UEFI, 7))), "eth1");
    answers.responder().told(reply(answers.broadcast(Packets.pi())), "eth1");
    Sighting pc = answers.sightings.byMac(Packets.MAC).orElseThrow();
    assertEquals(
        List.of("", "4c4c4544-0051-4810-8058-b4c04f333231", "", "", "amd64", "uefi-pxe"),
        List.of(pc.address(), pc.uuid(), pc.serial(), pc.product(), pc.arch(), pc.firmware()));
    Sighting pi = answers.sightings.bySerial("91cdf03d").orElseThrow();
    assertEquals(
        List.of("", "", "Raspberry Pi 4", "arm64", "raspberry-pi"),
        List.of(pi.address(), pi.uuid(), pi.product(), pi.arch(), pi.firmware()));
    String metrics = answers.meters.scrape();
    assertTrue(metrics.contains("moonboot_dhcp_offers_total{client=\"uefi-pxe\"} 1.0"), metrics);
  }

  /** A Raspberry Pi's REQUEST has no option 60. */
  @Test
  void the_address_that_a_node_accepts_is_noted() {
    Draft accepted =
        Packets.plain(DhcpPacket.ASK)
            .bytes(DhcpPacket.AT_MAC, Packets.octets(Packets.PI_MAC))
            .option(Tag.REQUESTED_ADDRESS, NODE.getAddress())
            .option(Tag.SERVER, new byte[] {10, 77, 0, 1});
    assertEquals(Silence.NOT_PXE, why(answers.broadcast(accepted)));
    assertTrue(answers.sightings.byAddress("10.77.0.141").isEmpty(), "anybody's");
    answers.responder().told(reply(answers.broadcast(Packets.pi())), "eth1");
    assertEquals(Silence.NOT_ASKED, why(answers.broadcast(accepted)));
    Sighting pi = answers.sightings.byAddress("10.77.0.141").orElseThrow();
    assertEquals(List.of(Packets.PI_MAC, "91cdf03d"), List.of(pi.mac(), pi.serial()));
  }

  @Test
  void silence_is_counted_by_its_reason() {
    answers.responder().ignored(Silence.NODE_RATE);
    String metrics = answers.meters.scrape();
    assertTrue(metrics.contains("moonboot_dhcp_ignored_total{reason=\"node_rate\"} 1.0"), metrics);
  }
}
