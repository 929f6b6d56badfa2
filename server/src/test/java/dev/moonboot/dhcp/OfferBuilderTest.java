package dev.moonboot.dhcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.moonboot.firmware.BaseUrls;
import dev.moonboot.firmware.FirstFiles;
import dev.moonboot.firmware.KnownNodes;
import dev.moonboot.node.Neighbours;
import dev.moonboot.node.Sightings;
import dev.moonboot.profile.FirstFile;
import java.io.IOException;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OfferBuilderTest {
  private static final HexFormat HEX = HexFormat.of();

  private final OfferBuilder offers = new OfferBuilder(Packets.FILES);

  private Offer answer(Draft request, Mode mode) {
    return maybe(request, mode, Packets.LINK).orElseThrow();
  }

  private Optional<Offer> maybe(Draft request, Mode mode, Link link) {
    DhcpPacket packet = Packets.packet(request);
    return offers.answer(packet, Classifier.of(packet), mode, link);
  }

  private DhcpPacket reply(Draft request) {
    return DhcpPacket.parse(answer(request, Mode.BINL).datagram()).orElseThrow();
  }

  static Stream<Arguments> clients() {
    Draft pi3 =
        Packets.discover("PXEClient:Arch:00000:UNDI:002001", 0)
            .bytes(DhcpPacket.AT_MAC, HEX.parseHex("b827ebe2e001"));
    Draft binl =
        Packets.request(DhcpPacket.ASK, "PXEClient:Arch:00011:UNDI:003000", 11)
            .address(DhcpPacket.AT_CLIENT, Inet4Address.ofLiteral("10.77.0.141"));
    return Stream.of(
        arguments("bios-pxe", Packets.discover("PXEClient:Arch:00000:UNDI:002001", 0), Mode.BINL),
        arguments(
            "uefi-pxe, binl", Packets.discover("PXEClient:Arch:00007:UNDI:003000", 7), Mode.BINL),
        arguments("uefi-pxe, at port 4011", binl, Mode.BINL),
        arguments(
            "uefi-pxe, direct",
            Packets.discover("PXEClient:Arch:00007:UNDI:003000", 7),
            Mode.DIRECT),
        arguments(
            "uefi-http", Packets.discover("HTTPClient:Arch:00019:UNDI:003000", 19), Mode.BINL),
        arguments("ipxe", Packets.ipxe(), Mode.BINL),
        arguments("u-boot", Packets.discover("U-Boot.armv8", 22).without(Tag.MACHINE), Mode.BINL),
        arguments("raspberry-pi", Packets.pi(), Mode.BINL),
        arguments("raspberry-pi 3", pi3, Mode.BINL));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("clients")
  void an_answer_is_what_that_client_needs_byte_for_byte(String name, Draft request, Mode mode)
      throws IOException {
    assertEquals(golden().get(name), dump(answer(request, mode).datagram()));
  }

  private static Map<String, String> golden() throws IOException {
    Map<String, String> golden = new LinkedHashMap<>();
    try (var in = OfferBuilderTest.class.getResourceAsStream("/client-vectors/dhcp-answers.txt")) {
      String text = new String(requireNonNull(in).readAllBytes(), UTF_8);
      String name = "";
      for (String line : text.lines().filter(l -> !l.startsWith("# ")).toList()) {
        if (line.startsWith("## ")) {
          name = line.substring(3);
        } else {
          golden.merge(name, line, (above, next) -> above + "\n" + next);
        }
      }
    }
    return golden;
  }

  /** All of it; fails when there is something where zeros should be. */
  private static String dump(ByteBuffer datagram) {
    byte[] all = new byte[datagram.remaining()];
    datagram.get(all);
    List<String> lines = new ArrayList<>();
    lines.add(
        Stream.of(0, 4, 8, 10, 12, 16, 20, 24)
                .map(at -> HEX.formatHex(all, at, at + (at == 8 || at == 10 ? 2 : 4)))
                .reduce("", (line, field) -> line + field + " ")
            + HEX.formatHex(all, 28, 34));
    lines.add(field(all, 44, 108));
    lines.add(field(all, 108, 236));
    assertEquals("63825363", HEX.formatHex(all, 236, 240));
    int at = 240;
    while ((all[at] & 0xff) != 255) {
      int length = all[at + 1] & 0xff;
      lines.add(
          "%02x %02x %s".formatted(all[at], length, HEX.formatHex(all, at + 2, at + 2 + length)));
      at += 2 + length;
    }
    assertEquals("", field(all, at + 1, all.length).replace("-", ""));
    assertEquals("-", field(all, 34, 44));
    lines.add("ff " + all.length);
    return String.join("\n", lines);
  }

  private static String field(byte[] all, int from, int to) {
    int end = to;
    while (end > from && all[end - 1] == 0) {
      end--;
    }
    return end == from ? "-" : HEX.formatHex(all, from, end);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("clients")
  void d_02_an_offer_has_no_address_and_nothing_of_a_lease(String name, Draft request, Mode mode) {
    DhcpPacket reply = DhcpPacket.parse(answer(request, mode).datagram()).orElseThrow();
    assertTrue(reply.yours().isAnyLocalAddress(), name);
    for (int lease : new int[] {1, 3, 6, 15, 28, 50, 51, 58, 59}) {
      assertFalse(reply.has(lease), name + " has option " + lease);
    }
    DhcpPacket asked = Packets.packet(request);
    assertArrayEquals(asked.value(Tag.MACHINE), reply.value(Tag.MACHINE));
    String vendor = asked.text(Tag.VENDOR_CLASS).startsWith("HTTP") ? "HTTPClient" : "PXEClient";
    assertEquals(vendor, reply.text(Tag.VENDOR_CLASS));
  }

  /** Trap: EDK2 throws away an offer without a message type or a server. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("clients")
  void trap_2_every_answer_names_its_kind_and_its_server(String name, Draft request, Mode mode) {
    DhcpPacket reply = DhcpPacket.parse(answer(request, mode).datagram()).orElseThrow();
    assertEquals(List.of(53, 54, 60), reply.tags().subList(0, 3), name);
    assertEquals(Packets.HERE, reply.next());
    assertEquals(Optional.of(Packets.HERE), reply.addressIn(Tag.SERVER));
  }

  /** Trap: EDK2 writes a zero behind option 67, over the tag that follows. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("clients")
  void trap_3_the_name_of_the_boot_file_ends_with_a_nul(String name, Draft request, Mode mode) {
    DhcpPacket reply = DhcpPacket.parse(answer(request, mode).datagram()).orElseThrow();
    byte[] file = reply.value(Tag.BOOT_FILE);
    assertTrue(file.length == 0 || file[file.length - 1] == 0, name);
    byte[] server = reply.value(Tag.TFTP_SERVER);
    assertTrue(server.length == 0 || server[server.length - 1] != 0, name);
  }

  static Stream<byte[]> oddMachineIds() {
    return Stream.of(new byte[1], new byte[16], new byte[18], new byte[120], new byte[] {7, 7});
  }

  @ParameterizedTest
  @MethodSource("oddMachineIds")
  void a_machine_id_of_any_length_is_repeated_as_it_is(byte[] id) {
    Draft request = Packets.discover("PXEClient", 7).without(Tag.MACHINE).option(Tag.MACHINE, id);
    assertArrayEquals(id, reply(request).value(Tag.MACHINE));
  }

  @Test
  void an_absent_or_empty_machine_id_is_not_answered() {
    Draft none = Packets.discover("PXEClient", 7).without(Tag.MACHINE);
    assertFalse(reply(none).has(Tag.MACHINE));
    assertFalse(reply(none.option(Tag.MACHINE, new byte[0])).has(Tag.MACHINE));
  }

  @Test
  void what_a_relay_added_is_repeated_last() {
    byte[] agent = HEX.parseHex("010465746830");
    Draft request =
        Packets.ipxe()
            .option(Tag.RELAY, agent)
            .address(DhcpPacket.AT_RELAY, Inet4Address.ofLiteral("10.9.0.1"));
    DhcpPacket reply = reply(request);
    assertEquals(Tag.RELAY, reply.tags().getLast());
    assertArrayEquals(agent, reply.value(Tag.RELAY));
    assertEquals("10.9.0.1", reply.relay().getHostAddress());
  }

  @Test
  void an_ipxe_that_cannot_load_by_http_is_given_one_that_can() {
    Draft request = Packets.ipxe().option(Tag.IPXE, HEX.parseHex("210101"));
    assertEquals("boot/52-54-00-e2-e0-01/ipxe-amd64.efi", answer(request, Mode.BINL).file());
  }

  @Test
  void an_ipxe_without_tls_is_given_another_where_all_is_https() {
    var https = new OfferBuilder(new FirstFiles(new BaseUrls(List.of(), "https", 443)));
    DhcpPacket with = Packets.packet(Packets.ipxe().option(Tag.IPXE, HEX.parseHex("130101140101")));
    DhcpPacket without = Packets.packet(Packets.ipxe().option(Tag.IPXE, HEX.parseHex("130101")));
    assertEquals(
        List.of(
            "https://10.77.0.2/boot/52-54-00-e2-e0-01/autoexec.ipxe",
            "boot/52-54-00-e2-e0-01/ipxe-amd64.efi"),
        Stream.of(with, without)
            .map(p -> https.answer(p, Classifier.of(p), Mode.BINL, Packets.LINK))
            .map(offer -> offer.orElseThrow().file())
            .toList());
  }

  @Test
  void what_is_offered_may_depend_on_the_uuid_that_the_packet_tells() {
    var chosen =
        new OfferBuilder(
            new FirstFiles(
                new BaseUrls(List.of(), "http", 8080),
                new KnownNodes(new Sightings(), new Neighbours()),
                labels ->
                    labels.value("uuid").equals("4c4c4544-0051-4810-8058-b4c04f333231")
                        ? FirstFile.UKI
                        : FirstFile.IPXE));
    Draft without = Packets.discover("PXEClient", 7).without(Tag.MACHINE);
    List<String> files =
        Stream.of(Packets.discover("PXEClient", 7), without)
            .map(Packets::packet)
            .map(p -> chosen.answer(p, Classifier.of(p), Mode.BINL, Packets.LINK))
            .map(offer -> offer.orElseThrow().file())
            .toList();
    assertFalse(files.getFirst().endsWith("/ipxe-amd64.efi"), files::toString);
    assertTrue(files.getLast().endsWith("/ipxe-amd64.efi"), files::toString);
  }

  /** 576 bytes with IP and UDP headers unless the client takes more; never more than the MTU. */
  @Test
  void d_09_an_answer_fits_what_the_client_and_the_network_take() {
    Draft large =
        Packets.ipxe()
            .option(Tag.RELAY, new byte[200])
            .without(Tag.MACHINE)
            .option(Tag.MACHINE, new byte[90]);
    assertEquals(Optional.empty(), maybe(large, Mode.BINL, Packets.LINK));
    Draft takesMore = large.option(Tag.LARGEST, new byte[] {5, (byte) 0xc0});
    assertTrue(maybe(takesMore, Mode.BINL, Packets.LINK).isPresent());
    Link narrow = new Link(Packets.HERE, 576);
    assertEquals(Optional.empty(), maybe(takesMore, Mode.BINL, narrow));
  }

  @Test
  void d_09_the_tftp_server_is_left_to_the_header_where_there_is_no_room() {
    Draft tight =
        Packets.discover("PXEClient", 7).without(Tag.MACHINE).option(Tag.MACHINE, new byte[240]);
    DhcpPacket reply = reply(tight);
    assertFalse(reply.has(Tag.TFTP_SERVER));
    assertEquals(Packets.HERE, reply.next());
  }

  @Test
  void a_name_too_long_for_the_header_stands_in_its_option_only() {
    String url = "http://" + "a".repeat(150) + ".example";
    var builder = new OfferBuilder(new FirstFiles(new BaseUrls(List.of(url), "http", 80)));
    DhcpPacket request = Packets.packet(Packets.ipxe());
    Offer offer =
        builder.answer(request, Classifier.of(request), Mode.BINL, Packets.LINK).orElseThrow();
    DhcpPacket reply = DhcpPacket.parse(offer.datagram()).orElseThrow();
    assertEquals("", reply.file());
    assertEquals(url + "/boot/52-54-00-e2-e0-01/autoexec.ipxe", reply.text(Tag.BOOT_FILE));
    String endless = "http://" + "a".repeat(250);
    var never = new OfferBuilder(new FirstFiles(new BaseUrls(List.of(endless), "http", 80)));
    assertEquals(
        Optional.empty(), never.answer(request, Classifier.of(request), Mode.BINL, Packets.LINK));
  }

  /** Trap: U-Boot parts what it loads at colons, and takes http for a host's name. */
  @Test
  void trap_14_u_boot_is_given_a_path_without_colons() {
    String file = answer(Packets.discover("U-Boot.armv8", 22), Mode.BINL).file();
    assertFalse(file.contains(":") || file.startsWith("/"), file);
  }

  @Test
  void nobody_is_answered_who_is_unknown_or_to_be_left_alone() {
    assertEquals(
        Optional.empty(), maybe(Packets.discover("PXEClient", 7), Mode.SILENT, Packets.LINK));
    assertEquals(
        Optional.empty(), maybe(Packets.discover("udhcp 1.35", 7), Mode.BINL, Packets.LINK));
  }

  @Test
  void the_text_for_a_raspberry_pi_is_of_32_bytes() {
    byte[] menu = reply(Packets.pi()).value(Tag.VENDOR_OPTIONS);
    assertEquals(32, menu.length);
    byte[] text = Arrays.copyOfRange(menu, 14, 31);
    assertArrayEquals("Raspberry Pi Boot".getBytes(UTF_8), text);
  }
}
