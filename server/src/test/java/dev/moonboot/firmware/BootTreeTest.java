package dev.moonboot.firmware;

import static dev.moonboot.firmware.FirmwareFixture.FOLDER;
import static dev.moonboot.firmware.FirmwareFixture.HERE;
import static dev.moonboot.firmware.FirmwareFixture.MAC;
import static dev.moonboot.firmware.FirmwareFixture.WHO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.UkiLines;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BootTreeTest {
  @TempDir Path folder;
  private FirmwareFixture firmware;

  @BeforeEach
  void open() throws IOException {
    firmware = new FirmwareFixture(folder);
  }

  @ParameterizedTest
  @CsvSource({
    "ipxe-amd64.efi, ipxe.efi, application/efi",
    "IPXE-AMD64.EFI, ipxe.efi, application/efi",
    "undionly.kpxe, undionly.kpxe, application/octet-stream",
    "snponly.efi, snponly.efi, application/efi",
    "ipxe-arm64.efi, ipxe-arm64.efi, application/efi",
  })
  void a_nodes_folder_has_the_boot_programs_that_are_installed(
      String name, String file, String type) throws IOException {
    for (String installed : List.of("ipxe.efi", "undionly.kpxe", "snponly.efi", "ipxe-arm64.efi")) {
      firmware.loader(installed);
    }
    firmware = new FirmwareFixture(folder);
    assertEquals(
        new NodeFile.OnDisk(folder.resolve("loaders").resolve(file), type),
        firmware.find(FOLDER + name));
    assertEquals(firmware.find(FOLDER + name), firmware.find("BOOT/52-54-00-E2-E0-01/" + name));
  }

  @Test
  void a_boot_program_that_is_missing_is_told_to_who_asks() {
    assertEquals(
        new NodeFile.Absent(
            "no iPXE for UEFI arm64 is installed on this server (loaders.folder,"
                + " loaders.channel)"),
        firmware.find(FOLDER + "ipxe-arm64.efi"));
  }

  @Test
  void whoever_asks_in_a_nodes_folder_is_that_node_from_now_on() throws IOException {
    firmware.find(FOLDER + "ipxe-arm64.efi");
    var seen = firmware.sightings.byAddress("10.77.0.141").orElseThrow();
    assertEquals(List.of(MAC, "arm64"), List.of(seen.mac(), seen.arch()));
    assertEquals(firmware.text(FOLDER + "autoexec.ipxe"), firmware.text("autoexec.ipxe"));
    assertEquals(firmware.text("autoexec.ipxe"), firmware.text("ipxe/arm64/autoexec.ipxe"));
  }

  @Test
  void who_is_not_known_gets_a_script_that_asks_the_machine() {
    assertTrue(firmware.text("autoexec.ipxe").contains("&mac=${mac:hexhyp}&"));
  }

  @Test
  void by_http_the_script_goes_back_where_it_came_from() {
    var asker = new Asker("10.0.2.2", InetAddress.getLoopbackAddress(), "http://10.0.2.2:9000");
    var text = (NodeFile.Text) firmware.tree.find("boot/autoexec.ipxe", asker).orElseThrow();
    assertTrue(text.text().startsWith("#!ipxe\nset base http://10.0.2.2:9000\n"), text::text);
  }

  @Test
  void a_file_among_the_loaders_wins_at_the_root() throws IOException {
    Path own = firmware.loader("autoexec.ipxe");
    firmware = new FirmwareFixture(folder);
    assertEquals(
        new NodeFile.OnDisk(own, "application/octet-stream"), firmware.find("autoexec.ipxe"));
    assertTrue(firmware.text(FOLDER + "autoexec.ipxe").startsWith("#!ipxe\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        FOLDER + "assets/talos/custom/%s/image-arm64",
        "arm64/assets/talos/custom/%s/image-arm64",
        "a/b/ASSETS/talos/custom/%s/IMAGE-ARM64",
      })
  void assets_stand_below_every_folder_that_a_loader_puts_before_them(String path)
      throws IOException {
    Release release = firmware.publish("one");
    assertEquals(
        new NodeFile.OfRelease(release.asset(Arch.ARM64, AssetName.IMAGE).orElseThrow(), release),
        firmware.find(path.formatted(release.digest().fileName())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dtb/broadcom/bcm2711-rpi-4-b.dtb | no device tree: the firmware's own counts",
        "dtb | no device tree: the firmware's own counts",
        "boot.scr.uimg | no script for U-Boot: it goes on with EFI or pxelinux.cfg",
        "grub.cfg-01-52-54-00-e2-e0-01 | file not found",
        "assets/talos/nowhere/vmlinuz | file not found",
      })
  void t_01_what_a_node_has_not_is_told_at_once(String name, String why) {
    assertEquals(new NodeFile.Absent(why), firmware.find(FOLDER + name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "boot.scr.uimg",
        "0A4D008D.img",
        "dtb",
        "grub/grub.cfg",
        "boot/nobody/x",
        "talos/custom/vmlinuz-arm64",
        "assets/talos/custom/vmlinuz-arm64",
        "boot",
        "",
      })
  void t_01_names_of_others_are_left_to_others(String path) {
    assertEquals(Optional.empty(), firmware.found(path));
  }

  @Test
  void a_uki_is_the_planned_releases() throws IOException {
    firmware.talos("", "'first':'uki'");
    Release release = firmware.publish("one");
    assertEquals(uki(release), firmware.find(FOLDER + "uki-amd64.efi"));
    firmware.seen("10.77.0.141", "", "");
    assertEquals(uki(release), firmware.find("uki-amd64.efi"));
    assertEquals(FOLDER + "uki-arm64.efi", firmware.first.overTftp(Platform.EFI_ARM64, MAC));
    assertEquals(
        "http://10.77.0.2:8080/" + FOLDER + "uki-amd64.efi",
        firmware.first.overHttp(Platform.EFI_AMD64, MAC, HERE));
    assertEquals(FOLDER + "undionly.kpxe", firmware.first.overTftp(Platform.BIOS, MAC));
  }

  private static NodeFile uki(Release release) {
    return new NodeFile.OfRelease(release.asset(Arch.AMD64, AssetName.UKI).orElseThrow(), release);
  }

  @Test
  void a_uki_that_was_begun_stays_the_same_until_the_node_begins_anew() throws IOException {
    firmware.talos("", "'first':'uki'");
    Release one = firmware.publish("one");
    assertEquals(uki(one), firmware.find(FOLDER + "uki-amd64.efi"));
    Release two = firmware.publish("two");
    assertEquals(uki(one), firmware.find(FOLDER + "uki-amd64.efi"));
    firmware.first.overTftp(Platform.EFI_AMD64, MAC);
    assertEquals(uki(two), firmware.find(FOLDER + "uki-amd64.efi"));
  }

  @Test
  void a_uki_that_may_wipe_disks_is_refused() throws IOException {
    firmware.talos("", "'first':'uki'");
    var reset =
        new UkiLines.Profile(
            "reset-maintenance", List.of("talos.platform=metal talos.experimental.wipe=system"));
    var lines = new UkiLines(List.of("talos.platform=metal"), List.of(reset), "systemd-stub 252");
    Release release = firmware.publish("old stub", lines);
    assertEquals(
        new NodeFile.Absent(
            "the unified kernel image of release "
                + release.digest()
                + " would wipe disks (talos.experimental.wipe in a command line that can be in"
                + " force); set \"moonboot\": {\"allow_wipe\": true} in profile talos if that is"
                + " meant"),
        firmware.find(FOLDER + "uki-amd64.efi"));
    firmware.talos("", "'first':'uki','allow_wipe':true");
    assertEquals(uki(release), firmware.find(FOLDER + "uki-amd64.efi"));
  }

  @Test
  void a_uki_that_is_not_there_yet_is_waited_for() throws IOException {
    firmware.talos("", "'first':'uki'");
    assertEquals(new NodeFile.NotReady("custom"), firmware.find(FOLDER + "uki-amd64.efi"));
    firmware.profile("'kernel':'http://elsewhere/vmlinuz'", "");
    assertEquals(
        new NodeFile.Absent(
            "profile talos names no file of a channel, so there is no unified kernel image for"
                + " it"),
        firmware.find(FOLDER + "uki-amd64.efi"));
  }

  @Test
  void the_first_file_goes_by_what_the_nodes_packet_tells() throws IOException {
    firmware.write("profiles/talos.json", "{'id':'talos','moonboot':{'first':'uki'}}");
    firmware.write("groups/one.json", "{'id':'one','profile':'talos','selector':{'serial':'7'}}");
    assertEquals(
        FOLDER + "uki-amd64.efi",
        firmware.first.overTftp(Platform.EFI_AMD64, MAC, FirmwareFixture.said("serial=7")));
    assertEquals(FOLDER + "ipxe-amd64.efi", firmware.first.overTftp(Platform.EFI_AMD64, MAC));
  }

  @Test
  void loaders_are_looked_up_by_name_and_not_by_path() throws IOException {
    Files.writeString(folder.resolve("canary"), "canary");
    assertEquals(
        new NodeFile.Absent("file not found"), firmware.find(FOLDER + "loaders/../canary"));
    assertEquals(Optional.empty(), firmware.tree.find("../canary", WHO));
  }
}
