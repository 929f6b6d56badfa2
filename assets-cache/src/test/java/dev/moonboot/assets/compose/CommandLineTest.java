package dev.moonboot.assets.compose;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.TalosArguments;
import dev.moonboot.assets.TalosVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  private static final String HARDENED = "slab_nomerge pti=on consoleblank=0";
  private static final String TO_13 =
      "init_on_alloc=1 " + HARDENED + " nvme_core.io_timeout=4294967295 printk.devkmsg=on";
  private static final String IMA = " ima_template=ima-ng ima_appraise=fix ima_hash=sha512";
  private static final String SINCE_13 =
      " selinux=1 module.sig_enforce=1 proc_mem.force_override=never";
  private static final String SINCE_14 = HARDENED + " printk.devkmsg=on" + SINCE_13;

  private static TalosVersion version(String text) {
    return TalosVersion.parse(text).orElseThrow();
  }

  private static String line(String version, Arch arch, String platform, String... arguments) {
    return new CommandLine(version(version), arch, platform, List.of(arguments)).text();
  }

  @ParameterizedTest
  @CsvSource({
    "v1.7.0, console=ttyS0 console=tty0 " + TO_13 + IMA,
    "v1.8.0, console=tty0 " + TO_13 + IMA,
    "v1.9.5, console=tty0 " + TO_13 + IMA,
    "v1.10.0, console=tty0 " + TO_13 + IMA + " selinux=1",
    "v1.11.2, console=tty0 " + TO_13 + " selinux=1",
    "v1.12.0, console=tty0 " + TO_13 + " selinux=1 module.sig_enforce=1",
    "v1.13.9, console=tty0 " + TO_13 + SINCE_13,
    "v1.14.0, console=tty0 " + SINCE_14,
    "v1.14.0-beta.1, console=tty0 " + SINCE_14,
    "v1.11.0-alpha.1, console=tty0 " + TO_13 + " selinux=1",
    "v1.8.0-alpha.0, console=tty0 " + TO_13 + IMA
  })
  void metal_machines_of_each_version_have_their_arguments(String version, String expected) {
    assertEquals("talos.platform=metal " + expected, line(version, AMD64, "metal"));
  }

  @ParameterizedTest
  @CsvSource({
    "v1.13.0, ARM64, metal, console=ttyAMA0 console=tty0",
    "v1.13.0, AMD64, nocloud, console=tty1 console=ttyS0 net.ifnames=0",
    "v1.13.0, ARM64, nocloud, console=tty1 console=ttyS0 net.ifnames=0",
    "v1.13.0, AMD64, aws, console=tty1 console=ttyS0 net.ifnames=0",
    "v1.13.0, AMD64, openstack, console=tty1 console=ttyS0 net.ifnames=0",
    "v1.13.0, AMD64, hcloud, console=tty1 console=ttyS0 net.ifnames=0",
    "v1.13.0, AMD64, digital-ocean, console=ttyS0 console=tty0 console=tty1 net.ifnames=0",
    "v1.13.0, AMD64, vultr, net.ifnames=0",
    "v1.13.0, AMD64, equinixMetal, 'console=ttyS1,115200n8'",
    "v1.13.0, ARM64, equinixMetal, 'console=ttyAMA0,115200'"
  })
  void each_platform_has_its_arguments(
      String version, Arch arch, String platform, String expected) {
    assertEquals(
        "talos.platform=%s %s %s".formatted(platform, expected, TO_13 + SINCE_13),
        line(version, arch, platform));
  }

  @Test
  void what_a_platform_gives_besides_stands_before_the_defaults() {
    assertEquals(
        "talos.platform=aws console=tty1 console=ttyS0 net.ifnames=0"
            + " nvme_core.io_timeout=4294967295 "
            + SINCE_14,
        line("v1.14.0", AMD64, "aws"));
    assertEquals(
        "talos.platform=vmware talos.config=guestinfo console=tty0 console=ttyS0"
            + " earlyprintk=ttyS0,115200 net.ifnames=0 "
            + SINCE_14,
        line("v1.14.0", AMD64, "vmware"));
  }

  @Test
  void every_platform_of_the_list_is_known_for_both_arches() {
    for (String platform : TalosArguments.platforms()) {
      for (Arch arch : Arch.values()) {
        assertEquals(true, TalosArguments.platform(platform, version("v1.13.0"), arch).isPresent());
      }
    }
  }

  @Test
  void a_board_replaces_the_consoles_and_adds_its_own() {
    CommandLine pi =
        new CommandLine(version("v1.13.0"), ARM64, "metal", "rpi_generic", false, List.of(), false);
    assertEquals(
        "talos.platform=metal console=tty0 console=ttyAMA0,115200"
            + " sysctl.kernel.kexec_load_disabled=1 talos.dashboard.disabled=1 "
            + TO_13
            + SINCE_13,
        pi.text());
    CommandLine rock =
        new CommandLine(version("v1.14.0"), ARM64, "metal", "rock4se", false, List.of(), false);
    assertEquals(
        "talos.platform=metal console=tty0 console=ttyS2,1500000n8"
            + " sysctl.kernel.kexec_load_disabled=1 talos.dashboard.disabled=1 "
            + SINCE_14,
        rock.text());
    CommandLine unknown =
        new CommandLine(version("v1.13.0"), ARM64, "metal", "turingrk1", false, List.of(), false);
    assertEquals(
        "the kernel arguments of the overlay \"turingrk1\" are not known (those of rpi_generic,"
            + " rpi_5 and most Rockchip boards are); leave it out and write them as arguments",
        assertThrows(ComposeException.class, unknown::text).getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "v1.7.0, console=ttyS0 console=tty0 " + TO_13 + IMA,
    "v1.8.0, console=tty0 talos.halt_if_installed=1 " + TO_13 + IMA
  })
  void an_iso_stops_where_talos_is_installed(String version, String expected) {
    CommandLine iso = new CommandLine(version(version), AMD64, "metal", "", true, List.of(), false);
    assertEquals("talos.platform=metal " + expected, iso.text());
  }

  @Test
  void a_person_s_consoles_and_platform_replace_all_others() {
    assertEquals(
        "talos.platform=nocloud console=ttyS1 console=tty3 " + SINCE_14 + " panic=0",
        line(
            "v1.14.0",
            AMD64,
            "metal",
            "console=ttyS1 console=tty3",
            "panic=0",
            "talos.platform=nocloud"));
  }

  @Test
  void a_name_with_a_minus_takes_the_argument_away() {
    assertEquals(
        "talos.platform=metal slab_nomerge pti=on consoleblank=0 printk.devkmsg=on selinux=1"
            + " proc_mem.force_override=never -",
        line("v1.14.0", AMD64, "metal", "-console", "-module.sig_enforce", "-unknown", "-"));
    assertEquals(
        "talos.platform=metal console=tty0 " + TO_13 + IMA,
        line("v1.7.0", AMD64, "metal", "-console=ttyS0"));
  }

  @Test
  void values_of_one_argument_stand_together() {
    assertEquals(
        "talos.platform=metal console=tty0 slab_nomerge pti=on consoleblank=0 printk.devkmsg=on"
            + " selinux=1 selinux=0 module.sig_enforce=1 proc_mem.force_override=never"
            + " talos.config=http://a/?h=${hostname}&m=1",
        line("v1.14.0", AMD64, "metal", "talos.config=http://a/?h=${hostname}&m=1", "selinux=0"));
  }

  @Test
  void a_platform_that_talos_does_not_have_is_refused() {
    ComposeException refusal =
        assertThrows(ComposeException.class, () -> line("v1.14.0", AMD64, "bare-metal"));
    assertEquals(
        "Talos has no platform \"bare-metal\"; it has akamai, alibabacloud, aws, azure, cloudstack,"
            + " digital-ocean, equinixMetal, exoscale, gcp, hcloud, metal, nocloud, opennebula,"
            + " openstack, oracle, scaleway, upcloud, vmware, vultr",
        refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=b\nc", "a=\0", "a\tb", "a=\u007f", "a=\u0085", "a=\u2028", "a=\ud800"})
  void control_characters_are_refused(String argument) {
    assertThrows(ComposeException.class, () -> line("v1.14.0", AMD64, "metal", argument));
  }

  @Test
  void a_line_longer_than_the_kernel_takes_is_refused() {
    int room = 4000 - line("v1.14.0", AMD64, "metal").length() - 3;
    assertEquals(4000, line("v1.14.0", AMD64, "metal", "x=" + "y".repeat(room)).length());
    assertThrows(
        ComposeException.class, () -> line("v1.14.0", AMD64, "metal", "x=" + "y".repeat(room + 1)));
    assertThrows(
        ComposeException.class,
        () -> line("v1.14.0", AMD64, "metal", "x=" + "ü".repeat(room / 2 + 1)));
  }

  @Test
  void a_line_that_erases_disks_must_be_meant() {
    assertThrows(
        ComposeException.class,
        () -> line("v1.14.0", AMD64, "metal", "talos.experimental.wipe=system"));
    CommandLine meant =
        new CommandLine(
            version("v1.14.0"),
            AMD64,
            "metal",
            "",
            false,
            List.of("talos.experimental.wipe=system"),
            true);
    assertEquals(
        "talos.platform=metal console=tty0 " + SINCE_14 + " talos.experimental.wipe=system",
        meant.text());
  }
}
