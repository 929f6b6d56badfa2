package dev.moonboot.raspberrypi;

import static dev.moonboot.raspberrypi.PiLab.ADDRESS;
import static dev.moonboot.raspberrypi.PiLab.CHANNEL;
import static dev.moonboot.raspberrypi.PiLab.FIRMWARE;
import static dev.moonboot.raspberrypi.PiLab.MAC;
import static dev.moonboot.raspberrypi.PiLab.SERIAL;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.boot.BootAnswer;
import dev.moonboot.firmware.FlashedFiles;
import dev.moonboot.firmware.NodeFile;
import dev.moonboot.journal.Boot;
import dev.moonboot.node.MacAddress;
import dev.moonboot.node.Sighting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PiTreeTest {
  private static final String PI = "{\"id\": \"pi\", \"profile\": \"pi\"}";
  private static final String AT = SERIAL + "/";

  @TempDir Path folder;

  @Test
  void starts_the_kernel_with_what_the_profile_says() {
    PiTree tree = PiLab.in(folder).profile(PI, "{\"config_txt\": [\"arm_freq=1500\"]}").tree();
    assertEquals(
        """
        # written by moonboot for profile pi
        kernel=vmlinuz
        initramfs initramfs.xz followkernel
        arm_64bit=1
        gpu_mem=32
        hdmi_safe:0=1
        hdmi_safe:1=1
        enable_uart=1
        [pi3]
        dtoverlay=disable-bt
        dtoverlay=disable-wifi
        [pi4]
        arm_boost=1
        dtoverlay=disable-bt
        dtoverlay=disable-wifi
        [pi5]
        enable_uart=0
        [all]
        arm_freq=1500
        """,
        PiLab.text(tree, AT + "config.txt"));
    assertEquals(
        "talos.platform=metal seed=one console=ttyAMA0\n", PiLab.text(tree, AT + "cmdline.txt"));
    assertEquals("one Image", PiLab.text(tree, AT + "vmlinuz"));
    assertEquals("one initramfs", PiLab.text(tree, AT + "initramfs.xz"));
    assertEquals("firmware start4.elf", PiLab.text(tree, AT + "start4.elf"));
    assertEquals(
        "firmware overlays/disable-bt.dtbo", PiLab.text(tree, AT + "overlays/disable-bt.dtbo"));
  }

  @Test
  void starts_u_boot_which_then_asks_as_firmware_does() {
    PiTree tree = PiLab.in(folder).profile(PI, "{\"boot\": \"u-boot\"}").tree();
    List<String> lines = PiLab.text(tree, AT + "config.txt").lines().toList();
    assertEquals("kernel=u-boot.bin", lines.get(1));
    assertTrue(lines.contains("enable_uart=1"), lines.toString());
    assertEquals("firmware u-boot.bin", PiLab.text(tree, AT + "u-boot.bin"));
    assertEquals("absent: it boots by way of u-boot", PiLab.text(tree, AT + "cmdline.txt"));
    assertEquals("absent: file not found", PiLab.text(tree, AT + "vmlinuz"));
  }

  @Test
  void starts_uefi_with_the_settings_that_come_with_it() {
    PiLab lab =
        PiLab.in(folder).profile(PI, "{\"boot\": \"uefi\", \"config_txt\": [\"gpu_mem=16\"]}");
    lab.file(lab.uefi.resolve("RPI_EFI.fd"), "edk2").file(lab.uefi.resolve("start4.elf"), "its");
    PiTree own = lab.tree();
    assertTrue(PiLab.text(own, AT + "config.txt").contains("\narmstub=RPI_EFI.fd\n"));
    assertEquals("edk2", PiLab.text(own, AT + "RPI_EFI.fd"));
    assertEquals("its", PiLab.text(own, AT + "start4.elf"), "what came with it fits it");
    assertEquals("firmware fixup4.dat", PiLab.text(own, AT + "fixup4.dat"));

    lab.file(lab.uefi.resolve("config.txt"), "arm_64bit=1\narmstub=RPI_EFI.fd\n[pi4]\nx=1\n");
    assertEquals(
        """
        # written by moonboot for profile pi
        arm_64bit=1
        armstub=RPI_EFI.fd
        [pi4]
        x=1
        [all]
        gpu_mem=16
        """,
        PiLab.text(lab.tree(), AT + "config.txt"));
  }

  @ParameterizedTest
  @CsvSource({
    "u-boot, the Raspberry Pi firmware has no u-boot.bin",
    "uefi, no RPI_EFI.fd: set raspberry-pi.uefi",
    "kernel, no Raspberry Pi firmware: set raspberry-pi.firmware"
  })
  void what_is_missing_for_a_way_is_told(String way, String why) {
    PiLab lab = new PiLab(folder);
    lab.releases.advance(CHANNEL, List.of(lab.release("one")));
    lab.profile(PI, "{\"boot\": \"" + way + "\"}");
    PiTree tree =
        lab.tree(way.equals("kernel") ? PiConfig.NONE : new PiConfig("", lab.firmware, lab.uefi));
    assertEquals("absent: " + why, PiLab.text(tree, AT + "config.txt"));
  }

  @Test
  void the_channels_firmware_comes_before_the_folders() {
    PiLab lab = PiLab.in(folder);
    PiTree tree = lab.tree(new PiConfig(FIRMWARE, lab.firmware, null));
    assertEquals("not ready: " + FIRMWARE, PiLab.text(tree, AT + "start4.elf"));
    Release released =
        lab.release(
            "fw",
            Map.of(
                AssetName.file("start4.elf"), "released",
                AssetName.file("overlays/vc4.dtbo"), "overlay"));
    lab.releases.advance(FIRMWARE, List.of(released));
    assertEquals("released", PiLab.text(tree, AT + "start4.elf"));
    assertEquals("overlay", PiLab.text(tree, AT + "overlays/vc4.dtbo"));
    assertEquals("firmware fixup4.dat", PiLab.text(tree, AT + "fixup4.dat"));
    assertEquals(
        Set.of(released.digest(), lab.releases.head(CHANNEL).orElseThrow().digest()),
        lab.served.recent(),
        "sweeping leaves both");
  }

  @Test
  void firmware_that_is_damaged_is_waited_for() {
    PiLab lab = PiLab.in(folder);
    PiTree tree = lab.tree(new PiConfig(FIRMWARE, null, null));
    Release released = lab.release("fw", Map.of(AssetName.file("start4.elf"), "released"));
    lab.releases.advance(FIRMWARE, List.of(released));
    assertEquals("released", PiLab.text(tree, AT + "start4.elf"));
    lab.releases.damaged(Set.of(released.digest()), lab.releases::held);
    assertEquals("not ready: " + FIRMWARE, PiLab.text(tree, AT + "start4.elf"));
    lab.releases.damaged(Set.of(), lab.releases::held);
    assertEquals("released", PiLab.text(tree, AT + "start4.elf"));
  }

  @Test
  void a_node_is_known_by_serial_by_hardware_address_or_by_what_was_seen() {
    PiLab lab = PiLab.in(folder).sighted();
    PiTree tree = lab.tree();
    lab.profile(
        "{\"id\": \"pi\", \"profile\": \"pi\", \"selector\": {\"mac\": \"" + MAC + "\"}}", "");
    for (String at : List.of(AT, "dc-a6-32-e2-e0-01/", "")) {
      assertTrue(PiLab.text(tree, at + "config.txt").startsWith("# written"), at);
    }
    lab.profile(
        "{\"id\": \"pi\", \"profile\": \"pi\", \"selector\": {\"serial\": \"" + SERIAL + "\"}}",
        "");
    lab.pass(Duration.ofHours(1));
    assertTrue(PiLab.text(tree, "dc-a6-32-e2-e0-01/config.txt").startsWith("# written"));
  }

  @Test
  void a_group_may_want_all_boards_of_a_model() {
    PiLab lab = PiLab.in(folder).sighted();
    lab.profile(
        "{\"id\": \"pi\", \"profile\": \"pi\", \"selector\": {\"product\": \"Raspberry Pi 4\"}}",
        "");
    assertTrue(PiLab.text(lab.tree(), AT + "config.txt").startsWith("# written"));
  }

  @Test
  void the_kernels_neighbours_tell_who_asks_where_dhcp_was_not_seen() {
    PiLab lab = PiLab.in(folder);
    lab.neighbours.put(ADDRESS, MacAddress.parse(MAC).orElseThrow());
    lab.profile(
        "{\"id\": \"pi\", \"profile\": \"pi\", \"selector\": {\"mac\": \"" + MAC + "\"}}", "");
    PiTree tree = lab.tree();
    assertTrue(PiLab.text(tree, "config.txt").startsWith("# written"), "by the maker's prefix");
    assertTrue(PiLab.text(tree, AT + "config.txt").startsWith("# written"));
    Sighting seen = lab.seen.bySerial(SERIAL).orElseThrow();
    assertEquals(MAC, seen.mac().text(), "its serial number is remembered");
  }

  @Test
  void a_path_alone_makes_nobody_known() {
    PiLab lab = PiLab.in(folder);
    PiTree tree = lab.tree();
    assertTrue(PiLab.text(tree, "00-11-22-33-44-55/config.txt").startsWith("# written"));
    lab.neighbours.put(ADDRESS, MacAddress.parse("52:54:00:00:00:01").orElseThrow());
    assertTrue(PiLab.text(tree, AT + "config.txt").startsWith("# written"));
    assertEquals(List.of(), lab.seen.all());
  }

  @Test
  void at_the_root_nobody_else_is_answered() {
    PiTree tree = PiLab.in(folder).tree();
    for (String name : List.of("config.txt", "start4.elf", "vmlinuz", "undionly.kpxe")) {
      assertEquals(Optional.empty(), PiLab.find(tree, name), name);
    }
    assertEquals("firmware bootcode.bin", PiLab.text(tree, "bootcode.bin"), "a Pi 3 asks so first");
  }

  @Test
  void at_the_root_a_raspberry_pi_may_ask_others_too() {
    PiTree tree = PiLab.in(folder).sighted().tree();
    for (String name :
        List.of("boot/dc-a6-32-e2-e0-01/ipxe-arm64.efi", "autoexec.ipxe", "pxelinux.cfg/default")) {
      assertEquals(Optional.empty(), PiLab.find(tree, name), name);
    }
  }

  @Test
  void who_dropped_its_folder_stays_known() {
    PiTree tree = PiLab.in(folder).tree();
    assertEquals("firmware start4.elf", PiLab.text(tree, AT + "start4.elf"));
    assertEquals("firmware start4.elf", PiLab.text(tree, "start4.elf"));
    assertTrue(PiLab.text(tree, "config.txt").startsWith("# written"));
  }

  /** The next machine with the address of one that was there before. */
  @Test
  void who_has_the_address_of_one_that_was_there_is_not_taken_for_it() {
    PiLab lab = PiLab.in(folder);
    PiTree tree = lab.tree();
    lab.neighbours.put(ADDRESS, MacAddress.parse(MAC).orElseThrow());
    PiLab.text(tree, AT + "start4.elf");
    assertEquals("one Image", PiLab.text(tree, "vmlinuz"));
    lab.neighbours.put(ADDRESS, MacAddress.parse("52:54:00:e2:e0:07").orElseThrow());
    assertEquals(Optional.empty(), PiLab.find(tree, "vmlinuz"));
  }

  @Test
  void serial_numbers_that_two_boards_share_are_told_apart_by_address() {
    PiLab lab = PiLab.in(folder).sighted();
    String other = "2c:cf:67:00:00:07";
    lab.neighbours.put("10.77.0.7", MacAddress.parse(other).orElseThrow());
    lab.profile(
        "{\"id\": \"pi\", \"profile\": \"pi\", \"selector\": {\"mac\": \"" + other + "\"}}", "");
    PiTree tree = lab.tree();
    assertTrue(
        tree.find(AT + "config.txt", PiLab.asker("10.77.0.7")).orElseThrow()
            instanceof NodeFile.Text);
    assertTrue(PiLab.text(tree, AT + "config.txt").startsWith("absent: "));
  }

  @Test
  void trap_18_one_boot_keeps_its_release_while_the_channel_moves() {
    PiLab lab = PiLab.in(folder);
    PiTree tree = lab.tree();
    PiLab.text(tree, AT + "start4.elf");
    PiLab.text(tree, AT + "config.txt");
    Release two = lab.release("two");
    lab.releases.advance(CHANNEL, List.of(two, lab.releases.head(CHANNEL).orElseThrow()));
    for (String name : List.of("start4.elf", "fixup4.dat", "config.txt", "bcm2711-rpi-4-b.dtb")) {
      PiLab.text(tree, AT + name);
    }
    assertEquals(
        "talos.platform=metal seed=one console=ttyAMA0\n", PiLab.text(tree, AT + "cmdline.txt"));
    assertEquals("one initramfs", PiLab.text(tree, AT + "initramfs.xz"));
    assertEquals("one Image", PiLab.text(tree, AT + "vmlinuz"));
    assertEquals("one Image", PiLab.text(tree, AT + "vmlinuz"), "once for its size");
    assertTrue(lab.served.recent().contains(lab.release("one").digest()), "and it is not swept");
  }

  @ParameterizedTest
  @ValueSource(strings = {"start4.elf", "config.txt"})
  void the_next_boot_gets_the_release_of_then(String first) {
    PiLab lab = PiLab.in(folder);
    PiTree tree = lab.tree();
    PiLab.text(tree, AT + first);
    PiLab.text(tree, AT + "cmdline.txt");
    PiLab.text(tree, AT + "vmlinuz");
    lab.releases.advance(CHANNEL, List.of(lab.release("two")));
    PiLab.text(tree, AT + first);
    assertEquals("two Image", PiLab.text(tree, AT + "vmlinuz"));
  }

  @Test
  void a_boot_that_was_cut_off_is_forgotten_after_half_an_hour() {
    PiLab lab = PiLab.in(folder);
    PiTree tree = lab.tree();
    PiLab.text(tree, AT + "config.txt");
    lab.releases.advance(CHANNEL, List.of(lab.release("two"), lab.release("one")));
    assertEquals("one Image", PiLab.text(tree, AT + "vmlinuz"));
    lab.pass(PiPlans.LONGEST.plusSeconds(1));
    assertEquals("two Image", PiLab.text(tree, AT + "vmlinuz"));
  }

  /** It began long ago, but was never silent for long: a slow network, or many tries. */
  @Test
  void trap_18_a_boot_that_goes_on_keeps_its_release_however_long_it_takes() {
    PiLab lab = PiLab.in(folder);
    PiTree tree = lab.tree();
    PiLab.text(tree, AT + "config.txt");
    lab.releases.advance(CHANNEL, List.of(lab.release("two"), lab.release("one")));
    lab.pass(PiPlans.LONGEST.minusSeconds(1));
    assertEquals("one Image", PiLab.text(tree, AT + "vmlinuz"));
    lab.pass(Duration.ofSeconds(2));
    assertEquals("one initramfs", PiLab.text(tree, AT + "initramfs.xz"));
  }

  /** A kernel of one release with the initramfs of another would boot, and fail later. */
  @Test
  void trap_18_a_boot_whose_release_goes_away_halfway_gets_nothing_of_another() {
    PiLab lab = PiLab.in(folder);
    PiTree tree = lab.tree();
    PiLab.text(tree, AT + "config.txt");
    assertEquals("one Image", PiLab.text(tree, AT + "vmlinuz"));
    lab.releases.advance(CHANNEL, List.of(lab.release("two"), lab.release("one")));
    lab.releases.damaged(Set.of(lab.release("one").digest()), lab.releases::held);
    assertEquals(
        "absent: release %s, which it began with, can be served no more; it has to start again"
            .formatted(lab.release("one").digest()),
        PiLab.text(tree, AT + "initramfs.xz"));
    PiLab.text(tree, AT + "config.txt");
    assertEquals("two Image", PiLab.text(tree, AT + "vmlinuz"));
    assertEquals("two initramfs", PiLab.text(tree, AT + "initramfs.xz"));
  }

  /** UEFI firmware's comments are in any language, in any encoding. */
  @Test
  void settings_of_uefi_need_not_be_utf_8() throws IOException {
    PiLab lab = PiLab.in(folder).profile(PI, "{\"boot\": \"uefi\"}");
    lab.file(folder.resolve("uefi/RPI_EFI.fd"), "uefi");
    Files.write(
        folder.resolve("uefi/config.txt"),
        "# pour d\u00e9marrer\narmstub=x\n".getBytes(ISO_8859_1));
    String text = PiLab.text(lab.tree(), AT + "config.txt");
    assertTrue(text.contains("\narmstub=x\n"), text);
  }

  @Test
  void settings_of_uefi_that_cannot_be_read_are_told() throws IOException {
    PiLab lab = PiLab.in(folder).profile(PI, "{\"boot\": \"uefi\"}");
    lab.file(folder.resolve("uefi/RPI_EFI.fd"), "uefi");
    lab.file(folder.resolve("uefi/config.txt"), "armstub=x\n");
    PiTree tree = lab.tree();
    Files.delete(folder.resolve("uefi/config.txt")); // and the table of names still has it
    String text = PiLab.text(tree, AT + "config.txt");
    assertTrue(text.startsWith("absent: profile pi: config.txt of the UEFI firmware"), text);
  }

  @Test
  void a_boot_loader_that_starts_again_halfway_begins_a_new_boot() {
    PiLab lab = PiLab.in(folder);
    PiTree tree = lab.tree();
    for (String name : List.of("start4.elf", "config.txt", "start4.elf", "fixup4.dat")) {
      PiLab.text(tree, AT + name);
    }
    lab.releases.advance(CHANNEL, List.of(lab.release("two"), lab.release("one")));
    PiLab.text(tree, AT + "start4.elf");
    assertEquals("two Image", PiLab.text(tree, AT + "vmlinuz"));
  }

  @Test
  void a_release_that_can_be_served_no_more_ends_its_boots() {
    PiLab lab = PiLab.in(folder);
    PiTree tree = lab.tree();
    PiLab.text(tree, AT + "config.txt");
    lab.releases.advance(CHANNEL, List.of(lab.release("two")));
    lab.releases.keep(() -> List.of());
    assertEquals("two Image", PiLab.text(tree, AT + "vmlinuz"));
    lab.releases.damaged(Set.of(lab.release("two").digest()), lab.releases::held);
    assertEquals("not ready: custom", PiLab.text(tree, AT + "start4.elf"));
  }

  @Test
  void a_node_that_is_to_boot_nothing_finds_no_file_at_all() {
    PiLab lab = PiLab.in(folder);
    lab.profile("{\"id\": \"pi\", \"profile\": \"pi\", \"selector\": {\"serial\": \"0\"}}", "");
    PiTree tree = lab.tree();
    for (String name : List.of("start4.elf", "config.txt", "kernel8.img", "cmdline.txt")) {
      assertTrue(PiLab.text(tree, AT + name).startsWith("absent: no group"), name);
    }
    List<Boot> boots = lab.boots();
    assertEquals(1, boots.size(), "forty files are one boot");
    assertEquals(Boot.Result.NO_MATCH, boots.getFirst().result());
    assertEquals(SERIAL, boots.getFirst().node().serial());
  }

  @Test
  void a_node_waits_while_its_channel_has_no_release() {
    PiLab lab = new PiLab(folder);
    lab.firmware("start4.elf").profile(PI, "");
    PiTree tree = lab.tree();
    assertEquals("not ready: custom", PiLab.text(tree, AT + "start4.elf"));
    assertEquals(Boot.Result.NOT_READY, lab.boots().getFirst().result());
    lab.releases.advance(CHANNEL, List.of(lab.release("one")));
    assertEquals("firmware start4.elf", PiLab.text(tree, AT + "start4.elf"));
  }

  @Test
  void what_it_was_told_is_a_boot_with_its_release() {
    PiLab lab = PiLab.in(folder).sighted();
    PiLab.text(lab.tree(), AT + "config.txt");
    Boot boot = lab.boots().getFirst();
    assertEquals(new Boot.Node(MAC, "", SERIAL, "arm64", ADDRESS), boot.node());
    assertEquals(lab.release("one").digest().toString(), boot.answer().release());
    assertEquals("pi", boot.answer().profile());
  }

  @Test
  void a_kernel_of_the_users_own_is_one_of_the_firmwares_files() {
    PiLab lab = PiLab.in(folder).firmware("mine.img").sighted();
    lab.profile(PI, "{\"config_txt\": [\"kernel=mine.img\"]}");
    PiTree tree = lab.tree();
    assertTrue(PiLab.text(tree, AT + "config.txt").endsWith("[all]\nkernel=mine.img\n"));
    assertEquals("firmware mine.img", PiLab.text(tree, AT + "mine.img"));
    assertEquals("firmware mine.img", PiLab.text(tree, "mine.img"));
  }

  @Test
  void a_ticket_is_made_once_for_one_reading() {
    PiLab lab = PiLab.in(folder);
    lab.profile(PI, "", "\"{cmdline}\", \"talos.config={config-url}\"");
    List<Boolean> filled = new ArrayList<>();
    lab.filling =
        (answer, _, _, boots) -> {
          filled.add(boots);
          return answer instanceof BootAnswer.Plan(var plan)
              ? new BootAnswer.Plan(
                  plan.withArgs(
                      plan.args().stream()
                          .map(arg ->
                              arg.replace("{config-url}", "http://s/config/" + filled.size()))
                          .toList()))
              : answer;
        };
    PiTree tree = lab.tree();
    PiLab.text(tree, AT + "config.txt");
    assertEquals(List.of(false), filled);
    String line = PiLab.text(tree, AT + "cmdline.txt");
    assertEquals("talos.platform=metal seed=one talos.config=http://s/config/2\n", line);
    assertEquals(line, PiLab.text(tree, AT + "cmdline.txt"));
    lab.pass(Duration.ofMinutes(2));
    assertEquals(line.replace("/2", "/3"), PiLab.text(tree, AT + "cmdline.txt"), "a fresh one");
  }

  @Test
  void an_argument_that_nobody_could_fill_in_is_refused() {
    PiLab lab = PiLab.in(folder);
    lab.profile(PI, "", "\"{cmdline}\", \"talos.config=http://s/c?u=${uuid}\"");
    assertEquals(
        "absent: profile pi: ${uuid} in its arguments has no value on a Raspberry Pi, which has no"
            + " SMBIOS: use ${mac}",
        PiLab.text(lab.tree(), AT + "config.txt"));
  }

  @Test
  void a_release_without_a_raw_kernel_is_refused() {
    PiLab lab = PiLab.in(folder);
    Release bare =
        lab.release(
            "bare",
            Map.of(
                AssetName.VMLINUZ,
                "zboot",
                AssetName.INITRAMFS,
                "i",
                AssetName.CMDLINE,
                "c",
                AssetName.RECORD,
                "{}"));
    lab.releases.advance(CHANNEL, List.of(bare));
    assertEquals(
        "absent: profile pi: release " + bare.digest() + " has no raw kernel for arm64",
        PiLab.text(lab.tree(), AT + "config.txt"));
  }

  @Test
  void several_parts_of_an_initramfs_follow_each_other() {
    PiLab lab = PiLab.in(folder);
    lab.file(
        folder.resolve("data/profiles/pi.json"),
        """
        {"id": "pi", "boot": {"kernel": "/assets/talos/custom/vmlinuz-arm64",
         "initrd": ["/assets/talos/custom/initramfs-arm64.xz", "/assets/talos/custom/arm64/image"],
         "args": ["{cmdline}"]}}
        """);
    lab.profileAgain();
    PiTree tree = lab.tree();
    assertTrue(
        PiLab.text(tree, AT + "config.txt")
            .contains("\ninitramfs initramfs.xz,initramfs-2.xz followkernel\n"));
    assertEquals("one initramfs", PiLab.text(tree, AT + "initramfs.xz"));
    assertEquals("one Image", PiLab.text(tree, AT + "initramfs-2.xz"));
  }

  @Test
  void trap_25_files_that_old_boot_loaders_cannot_load_are_warned_of() {
    PiLab lab = PiLab.in(folder);
    assertEquals(List.of(), PiTree.warnings(lab.release("small")));
    assertEquals(
        List.of(
            "image has 64.0 MiB: a Raspberry Pi with an EEPROM from before 2022-10 gets no more than"
                + " 64 MiB of a file over TFTP; update its EEPROM, or boot it by way of U-Boot or"
                + " UEFI",
            "initramfs.xz has 91.7 MiB: a Raspberry Pi with an EEPROM from before 2025-09-23 gets no"
                + " more than 91.7 MiB of a file over TFTP; update its EEPROM, or boot it by way of"
                + " U-Boot or UEFI"),
        PiTree.warnings(
            PiLab.release(
                "large",
                Map.of(
                    AssetName.IMAGE, sized(AssetName.IMAGE, 65_535L * 1024 + 1),
                    AssetName.INITRAMFS, sized(AssetName.INITRAMFS, 65_535L * 1468 + 1)),
                Instant.EPOCH)));
  }

  private static Asset sized(AssetName name, long size) {
    return new Asset(name, Arch.ARM64, Path.of("none"), size, Digest.of(new byte[1]));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pieeprom.upd",
        "PIEEPROM.SIG",
        "pieeprom.bin",
        "recovery.bin",
        "Recovery.Bin",
        "recovery.elf",
        "recover4.elf",
        "recovery8.img",
        "recovery7.img",
        "vl805.sig",
        "vl805.bin",
        "overlays/pieeprom.upd",
        "a/b/recovery.bin",
        "vl805-000138a1.bin",
        "pieeprom-2025-01-22.bin"
      })
  void trap_19_files_that_flash_a_board_are_never_served(String name) {
    PiLab lab = PiLab.in(folder).sighted();
    lab.firmware(name).file(lab.uefi.resolve(name), "flash");
    if (AssetName.isFile(name)) {
      lab.releases.advance(
          FIRMWARE, List.of(lab.release("fw", Map.of(AssetName.file(name), "flash"))));
    }
    PiTree tree =
        lab.tree(new PiConfig(AssetName.isFile(name) ? FIRMWARE : "", lab.firmware, lab.uefi));
    for (String at : List.of(AT, "dc-a6-32-e2-e0-01/", "", "boot/dc-a6-32-e2-e0-01/")) {
      assertEquals(
          Optional.of(
              new NodeFile.Absent("never served: it would flash a Raspberry Pi, or divert it")),
          PiLab.find(tree, at + name),
          at);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"recovery-notes/x.dtbo", "start4.elf", "my-recovery.img", "pieeprom/x"})
  void other_files_are_not_mistaken_for_them(String name) {
    assertTrue(!FlashedFiles.isOne(name), name);
  }
}
