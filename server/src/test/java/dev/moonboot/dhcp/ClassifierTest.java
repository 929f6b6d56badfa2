package dev.moonboot.dhcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.moonboot.dhcp.ClientClass.BiosPxe;
import dev.moonboot.dhcp.ClientClass.Ipxe;
import dev.moonboot.dhcp.ClientClass.RaspberryPi;
import dev.moonboot.dhcp.ClientClass.UBoot;
import dev.moonboot.dhcp.ClientClass.UefiHttp;
import dev.moonboot.dhcp.ClientClass.UefiPxe;
import dev.moonboot.dhcp.ClientClass.Unknown;
import dev.moonboot.firmware.Platform;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassifierTest {
  private static final String PI_TEXT = "Raspberry Pi Boot";

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  static Stream<Arguments> architectures() {
    Unknown noProgram = new Unknown(Silence.NO_PROGRAM);
    return Stream.of(
        arguments("PXEClient", 0x00, new BiosPxe()),
        arguments("PXEClient", 0x06, noProgram),
        arguments("PXEClient", 0x07, new UefiPxe(Platform.EFI_AMD64)),
        arguments("PXEClient", 0x09, new UefiPxe(Platform.EFI_AMD64)),
        arguments("PXEClient", 0x0a, noProgram),
        arguments("PXEClient", 0x0b, new UefiPxe(Platform.EFI_ARM64)),
        arguments("HTTPClient", 0x0f, noProgram),
        arguments("HTTPClient", 0x10, new UefiHttp(Platform.EFI_AMD64)),
        arguments("HTTPClient", 0x11, new UefiHttp(Platform.EFI_AMD64)),
        arguments("HTTPClient", 0x12, noProgram),
        arguments("HTTPClient", 0x13, new UefiHttp(Platform.EFI_ARM64)),
        arguments("HTTPClient", 0x14, new UefiHttp(Platform.BIOS)),
        arguments("U-Boot.armv7", 0x15, noProgram),
        arguments("U-Boot.armv8", 0x16, new UBoot(Platform.EFI_ARM64)),
        arguments("PXEClient", 0x16, new UBoot(Platform.EFI_ARM64)),
        arguments("HTTPClient", 0x17, noProgram),
        arguments("HTTPClient", 0x18, new UefiHttp(Platform.EFI_ARM64)),
        arguments("PXEClient", 0x1b, noProgram),
        arguments("HTTPClient", 0x1c, noProgram),
        arguments("PXEClient", 0x27, noProgram),
        arguments("HTTPClient", 0x28, noProgram),
        arguments("udhcp 1.35.0", 0x07, new Unknown(Silence.NOT_PXE)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("architectures")
  void option_93_says_what_a_client_runs_on(String vendor, int arch, ClientClass expected) {
    assertEquals(expected, Packets.classOf(Packets.discover(vendor, arch)));
  }

  /** U-Boot writes it in hexadecimal, others in decimal. */
  @ParameterizedTest
  @ValueSource(strings = {"PXEClient:Arch:00011", "PXEClient:Arch:0000b", "PXEClient:Arch:00000"})
  void the_text_of_option_60_does_not(String vendor) {
    assertEquals(new UefiPxe(Platform.EFI_ARM64), Packets.classOf(Packets.discover(vendor, 11)));
  }

  @Test
  void of_several_architectures_the_first_with_a_program_counts() {
    Draft several =
        Packets.discover("PXEClient", 0).without(Tag.ARCH).option(Tag.ARCH, hex("0006000b0007"));
    assertEquals(new UefiPxe(Platform.EFI_ARM64), Packets.classOf(several));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00"})
  void d_03_an_architecture_of_no_length_is_none(String value) {
    Draft none = Packets.discover("PXEClient", 0).without(Tag.ARCH).option(Tag.ARCH, hex(value));
    assertEquals(new Unknown(Silence.NO_ARCH), Packets.classOf(none));
  }

  @Test
  void an_odd_byte_behind_the_architectures_says_nothing() {
    Draft odd = Packets.discover("PXEClient", 0).without(Tag.ARCH).option(Tag.ARCH, hex("000700"));
    assertEquals(new UefiPxe(Platform.EFI_AMD64), Packets.classOf(odd));
  }

  /** Trap: iPXE's option 77 has no length before its text, as RFC 3004 wants one. */
  @ParameterizedTest
  @ValueSource(strings = {"69505845", "0469505845", "03414243" + "0469505845"})
  void trap_22_ipxe_is_known_by_either_form_of_option_77(String value) {
    Draft draft = Packets.discover("PXEClient", 7).option(Tag.USER_CLASS, hex(value));
    assertEquals(new Ipxe(Platform.EFI_AMD64, true, true), Packets.classOf(draft));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00", "04", "ff69505845", "0069505845", "695058", "0569505845"})
  void other_user_classes_are_not_ipxe(String value) {
    Draft draft = Packets.discover("PXEClient", 7).option(Tag.USER_CLASS, hex(value));
    assertEquals(new UefiPxe(Platform.EFI_AMD64), Packets.classOf(draft));
  }

  static Stream<Arguments> features() {
    return Stream.of(
        arguments("b105011af41000", true, true), // lists nothing
        arguments("130101170101140101", true, true),
        arguments("130101170101", true, false),
        arguments("2101012201", false, false),
        arguments("21", true, true));
  }

  @ParameterizedTest
  @MethodSource("features")
  void ipxe_is_known_by_its_own_option_and_says_there_what_it_can(
      String value, boolean http, boolean https) {
    Draft draft = Packets.discover("PXEClient", 0).option(Tag.IPXE, hex(value));
    assertEquals(new Ipxe(Platform.BIOS, http, https), Packets.classOf(draft));
  }

  @Test
  void ipxe_on_what_has_no_program_is_ipxe_all_the_same() {
    Draft draft = Packets.discover("PXEClient", 0x1b).option(Tag.USER_CLASS, hex("69505845"));
    assertEquals(new Ipxe(null, true, true), Packets.classOf(draft));
  }

  static Stream<Arguments> boards() {
    String four = "Raspberry Pi 4";
    return Stream.of(
        // in the order of bytes of a log of 2021, and of one of 2022
        arguments(
            "dca632e2e001", "00525069341131c00032e2e0013df0cd91", four, "00c03111", "91cdf03d"),
        arguments(
            "e45f010902f7", "00346950521431d000010902f73df0cd91", four, "00d03114", "91cdf03d"),
        // of a maker of boards with addresses of its own
        arguments(
            "525400e2e001",
            "00525069351741d00000e2e001010203e2",
            "Raspberry Pi 5",
            "00d04117",
            "e2030201"),
        arguments("dca632e2e001", "003df0cd913df0cd913df0cd913df0cd91", "", "", "91cdf03d"),
        arguments("2ccf67e2e001", "0000000000000000000000000000000000", "", "", ""),
        arguments("88a29ee2e001", "00", "", "", ""));
  }

  /** Trap: a Raspberry Pi calls itself what a BIOS calls itself. */
  @ParameterizedTest
  @MethodSource("boards")
  void trap_4_a_raspberry_pi_is_no_bios(
      String mac, String machine, String model, String revision, String serial) {
    Draft draft =
        Packets.discover("PXEClient:Arch:00000:UNDI:002001", 0)
            .bytes(DhcpPacket.AT_MAC, hex(mac))
            .without(Tag.MACHINE)
            .option(Tag.MACHINE, hex(machine));
    assertEquals(
        new RaspberryPi(new PiBoard(model, revision, serial, PI_TEXT)), Packets.classOf(draft));
  }

  @Test
  void a_raspberry_pi_of_before_the_4_looks_for_another_text() {
    Draft draft =
        Packets.discover("PXEClient:Arch:00000:UNDI:002001", 0)
            .bytes(DhcpPacket.AT_MAC, hex("b827eb010203"));
    assertEquals(new RaspberryPi(new PiBoard("", "", "", PI_TEXT + "   ")), Packets.classOf(draft));
  }

  @Test
  void the_number_of_its_own_means_a_raspberry_pi_too() {
    Draft draft = Packets.pi().without(Tag.ARCH).option(Tag.ARCH, hex("0029"));
    assertEquals("raspberry-pi", Packets.classOf(draft).label());
  }

  @Test
  void uefi_on_a_raspberry_pi_is_uefi_and_ipxe_is_ipxe() {
    Draft uefi = Packets.discover("PXEClient", 11).bytes(DhcpPacket.AT_MAC, hex("dca632000001"));
    assertEquals(new UefiPxe(Platform.EFI_ARM64), Packets.classOf(uefi));
    assertEquals("ipxe", Packets.classOf(uefi.option(Tag.USER_CLASS, hex("69505845"))).label());
  }

  @Test
  void a_bios_with_the_same_texts_is_a_bios() {
    Draft draft =
        Packets.discover("PXEClient:Arch:00000:UNDI:002001", 0)
            .without(Tag.INTERFACE)
            .option(Tag.INTERFACE, hex("010201"));
    assertEquals(new BiosPxe(), Packets.classOf(draft));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "0000000000000000000000000000000000",
        "00ffffffffffffffffffffffffffffffff",
        "01" + "44454c4c510010488058b4c04f333231"
      })
  void what_is_no_uuid_is_read_as_none(String value) {
    assertEquals("", MachineId.uuid(hex(value)));
  }

  @Test
  void a_uuid_reads_as_smbios_and_ipxe_show_it() {
    assertEquals("4c4c4544-0051-4810-8058-b4c04f333231", MachineId.uuid(Packets.MACHINE));
  }
}
