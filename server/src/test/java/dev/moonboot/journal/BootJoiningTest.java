package dev.moonboot.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.journal.Boot.Node;
import dev.moonboot.journal.Boot.Result;
import dev.moonboot.journal.Timeline.Outcome;
import dev.moonboot.journal.Told.Form;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Sequences of events as firmware was recorded to cause them. */
class BootJoiningTest extends TimelineLab {
  @Test
  void bios_pxe_is_one_boot_from_its_first_packet_to_its_machine_config() {
    offered("bios-pxe", "boot/" + DASHES + "/undionly.kpxe");
    seconds(4);
    isAt(MAC, CLIENT);
    probe("boot/" + DASHES + "/undionly.kpxe", 70_000);
    tftp("boot/" + DASHES + "/undionly.kpxe", 70_000);
    seconds(2);
    offered("ipxe", "http://10.0.0.1:8080/boot/" + DASHES + "/autoexec.ipxe");
    seconds(1);
    script();
    files();
    seconds(20);
    configured();
    Boot boot = only();
    assertEquals(
        "dhcp=done program=done script=done kernel=done initramfs=done config=done", stages(boot));
    assertEquals(Result.LOADED, boot.result());
    assertEquals("bios-pxe", boot.timeline().firmware());
    assertEquals(new Node(MAC, "", "", "amd64", CLIENT), boot.node());
    assertVerdict(Outcome.FINISHED, "configured", boot);
    assertEquals(
        List.of("8000 ms", "2000 ms", "0 ms", "1000 ms", "1000 ms", "0 ms"),
        boot.timeline().steps().stream().map(s -> s.took().toMillis() + " ms").toList());
    assertEquals(
        List.of(0L, 70_000L, 0L, 14_000_000L, 80_000_000L, 4_000L),
        boot.timeline().steps().stream().map(Timeline.Step::bytes).toList());
  }

  @Test
  void uefi_pxe_is_one_boot_with_its_confirmation_and_its_probe() {
    offered("uefi-pxe", "boot/" + DASHES + "/ipxe-amd64.efi");
    seconds(4);
    confirmed("uefi-pxe", "boot/" + DASHES + "/ipxe-amd64.efi");
    isAt(MAC, CLIENT);
    probe("boot/" + DASHES + "/ipxe-amd64.efi", 1_000_000);
    tftp("boot/" + DASHES + "/ipxe-amd64.efi", 1_000_000);
    tftp("boot/" + DASHES + "/autoexec.ipxe", 400);
    script();
    files();
    assertEquals("dhcp=done program=done script=done kernel=done initramfs=done", stages(only()));
    assertVerdict(Outcome.RUNNING, "", only());
  }

  @Test
  void uefi_http_boot_of_a_uki_is_one_boot() {
    String uki = "boot/" + DASHES + "/talos-amd64.efi";
    offered("uefi-http", "http://10.0.0.1:8080/" + uki);
    seconds(4);
    isAt(MAC, CLIENT);
    told(Form.UKI, List.of(uki), ARGS);
    sent("http", "/" + uki, 0, 140_000_000, Sent.End.PROBED);
    told(Form.UKI, List.of(uki), ARGS);
    http("/" + uki, 140_000_000);
    Boot boot = only();
    assertEquals("dhcp=done script=done kernel=done", stages(boot));
    assertEquals(Result.LOADED, boot.result());
  }

  @Test
  void u_boot_is_one_boot_whatever_names_it_tries() {
    offered("u-boot", "boot/" + DASHES + "/pxelinux");
    isAt(MAC, CLIENT);
    missing("tftp", "pxelinux.cfg/4c4c4544-0051-4810-8052-b4c04f4d3132");
    told(Form.EXTLINUX, List.of("boot/" + DASHES + "/Image", "boot/" + DASHES + "/initrd"), ARGS);
    tftp("pxelinux.cfg/01-" + DASHES, 500);
    tftp("boot/" + DASHES + "/initrd", 80_000_000);
    tftp("boot/" + DASHES + "/Image", 30_000_000);
    missing("tftp", "boot/" + DASHES + "/dtb/virt.dtb");
    Boot boot = only();
    assertEquals("dhcp=done program=failed script=done kernel=done initramfs=done", stages(boot));
    assertEquals(Result.LOADED, boot.result());
  }

  @Test
  void u_boot_asks_for_a_device_tree_after_a_uki_and_that_is_no_boot_of_its_own() {
    String uki = "boot/" + DASHES + "/uki-arm64.efi";
    offered("uefi-pxe", uki);
    isAt(MAC, CLIENT);
    told(Form.UKI, List.of(uki), ARGS);
    tftp(uki, 28_000_000);
    missing("tftp", "boot/" + DASHES + "/dtb/qemu-arm64.dtb");
    Boot boot = only();
    assertEquals(Result.LOADED, boot.result());
    assertVerdict(Outcome.RUNNING, "", boot);
  }

  @Test
  void a_raspberry_pi_is_one_boot_though_it_reads_config_txt_again_and_again() {
    offered("raspberry-pi", "");
    isAt(MAC, CLIENT);
    probe("91cdf03d/start4.elf", 2_000_000);
    config();
    missing("tftp", "91cdf03d/vl805.sig");
    missing("tftp", "91cdf03d/pieeprom.sig");
    missing("tftp", "91cdf03d/recover4.elf");
    tftp("91cdf03d/start4.elf", 2_000_000);
    tftp("91cdf03d/fixup4.dat", 5_000);
    config();
    tftp("91cdf03d/initramfs.xz", 80_000_000);
    tftp("91cdf03d/bcm2711-rpi-4-b.dtb", 50_000);
    config();
    tftp("91cdf03d/overlays/vc4.dtbo", 3_000);
    tftp("91cdf03d/cmdline.txt", 200);
    missing("tftp", "91cdf03d/armstub8-gic.bin");
    tftp("91cdf03d/vmlinuz", 30_000_000);
    Boot boot = only();
    assertEquals(Result.LOADED, boot.result());
    assertTrue(stages(boot).endsWith("program=done script=done kernel=done initramfs=done"));
    assertEquals(
        List.of("tftp 91cdf03d/recover4.elf: file not found 3"),
        boot.timeline().events().stream()
            .filter(event -> event.times() > 1)
            .map(event -> event.text() + " " + event.times())
            .toList());
  }

  private void config() {
    told(Form.CONFIG_TXT, List.of("vmlinuz", "initramfs.xz"), ARGS);
    tftp("91cdf03d/config.txt", 300);
  }

  @Test
  void ec2_begins_with_its_script_and_has_no_dhcp() {
    log.asked(new Asked(CLIENT, "http", "/boot.ipxe", 300));
    seconds(1);
    script();
    files();
    assertEquals("script=done kernel=done initramfs=done", stages(only()));
  }

  @Test
  void plain_ipxe_as_with_matchbox_is_known_by_its_address_before_it_says_its_name() {
    tftp("undionly.kpxe", 70_000);
    log.asked(new Asked(CLIENT, "http", "/boot.ipxe", 300));
    script();
    files();
    Boot boot = only();
    assertEquals("program=done script=done kernel=done initramfs=done", stages(boot));
    assertEquals(MAC, boot.node().mac());
  }

  @Test
  void the_next_start_of_a_node_is_another_boot() {
    offered("bios-pxe", "boot/" + DASHES + "/undionly.kpxe");
    isAt(MAC, CLIENT);
    tftp("boot/" + DASHES + "/undionly.kpxe", 70_000);
    script();
    files();
    seconds(100);
    offered("bios-pxe", "boot/" + DASHES + "/undionly.kpxe");
    tftp("boot/" + DASHES + "/undionly.kpxe", 70_000);
    assertEquals(
        List.of(
            "dhcp=done program=done",
            "dhcp=done program=done script=done kernel=done initramfs=done"),
        log.recent(BootFilter.ALL, 9).stream().map(BootJoiningTest::stages).toList());
    script();
    assertEquals(2, log.recent(BootFilter.ALL, 9).size());
    seconds(100);
    script();
    assertEquals(3, log.recent(BootFilter.ALL, 9).size());
  }

  @Test
  void ipxe_in_the_network_card_begins_anew_once_its_last_boot_has_loaded() {
    offered("ipxe", "http://10.0.0.1:8080/boot.ipxe");
    script();
    offered("ipxe", "http://10.0.0.1:8080/boot.ipxe");
    assertEquals(1, log.recent(BootFilter.ALL, 9).size());
    files();
    offered("ipxe", "http://10.0.0.1:8080/boot.ipxe");
    assertEquals(2, log.recent(BootFilter.ALL, 9).size());
  }

  @Test
  void a_node_that_is_told_to_wait_and_asks_again_is_one_boot() {
    refused(Result.NOT_READY, "channel custom has no release yet");
    seconds(5);
    refused(Result.NOT_READY, "channel custom has no release yet");
    seconds(5);
    script();
    assertEquals(Result.SCRIPT, only().result());
  }

  @Test
  void nodes_behind_one_address_are_told_apart_by_what_they_say() {
    for (String mac : List.of("52:54:00:00:00:01", "52:54:00:00:00:02")) {
      log.told(
          new Told(
              new Node(mac, "", "", "amd64", CLIENT),
              ANSWER,
              Form.IPXE,
              List.of(RELEASE + "vmlinuz"),
              ARGS));
    }
    log.asked(new Asked(CLIENT, "http", RELEASE + "vmlinuz", 9));
    log.asked(new Asked(CLIENT, "http", RELEASE + "vmlinuz", 9));
    log.transfer(new Sent(CLIENT, RELEASE + "vmlinuz", 0, 9, 9));
    log.transfer(new Sent(CLIENT, RELEASE + "vmlinuz", 0, 9, 9));
    assertEquals(
        List.of(Result.LOADED, Result.LOADED),
        log.recent(BootFilter.ALL, 9).stream().map(Boot::result).toList());
  }

  @Test
  void a_boot_keeps_its_first_and_last_events_and_counts_the_rest() {
    script();
    files();
    IntStream.range(0, 100).forEach(i -> talos("phase", "phase " + i, TalosSaid.Level.INFO));
    Timeline timeline = only().timeline();
    assertEquals(Happenings.FIRST + Happenings.LAST, timeline.events().size());
    assertEquals("phase 99", timeline.events().getLast().text());
    assertEquals("told", timeline.events().getFirst().what());
    assertEquals(105 - Happenings.FIRST - Happenings.LAST, timeline.leftOut());
    assertEquals(100, timeline.steps().getLast().attempts());
  }

  @Test
  void what_nodes_send_cannot_break_a_line_and_no_secret_is_kept() {
    log.missed(new Missed(CLIENT, "tftp", "a\u001b[2J\n${x}/\u202e.efi", "bad\r\nname"));
    told(Form.IPXE, List.of(RELEASE + "vmlinuz"), ARGS);
    http(RELEASE + "vmlinuz", 9);
    talos(
        "kernel",
        "Command line: talos.config=http://u:pw@10.0.0.1/config/SECRETTICKET?x",
        TalosSaid.Level.INFO);
    seconds(300);
    String all = log.recent(BootFilter.ALL, 9).toString() + only();
    assertFalse(all.contains("SECRETTICKET"), all);
    assertFalse(all.contains("u:pw"), all);
    assertTrue(all.chars().noneMatch(c -> c < ' ' || c == 0x202e), all);
    assertTrue(all.contains("a?[2j?${x}/?.efi") || all.contains("a?[2J?${x}/?.efi"), all);
  }

  @Test
  void made_up_hardware_addresses_push_out_no_boots_that_have_an_address() {
    script();
    IntStream.range(0, 1_000)
        .forEach(i ->
            log.offered(
                new Offered(
                    "52:54:00:00:%02x:%02x".formatted(i / 256, i % 256),
                    "",
                    "",
                    "",
                    "bios-pxe",
                    "f")));
    List<Boot> all = log.recent(BootFilter.ALL, 1_000);
    assertEquals(26, all.size());
    assertEquals(MAC, all.getLast().node().mac());
  }

  @Test
  void who_waits_is_told_of_changes_in_their_order_by_whoever_makes_them() throws Exception {
    long before = log.changes();
    CountDownLatch done = new CountDownLatch(8);
    for (int i = 0; i < 8; i++) {
      String client = "10.0.1." + i;
      Thread.ofVirtual()
          .start(() -> {
            for (int n = 0; n < 50; n++) {
              log.told(
                  new Told(
                      new Node("", "", "", "amd64", client), ANSWER, Form.IPXE, List.of(), ARGS));
              log.asked(new Asked(client, "tftp", "x.efi", 9));
            }
            done.countDown();
          });
    }
    assertTrue(done.await(30, TimeUnit.SECONDS));
    List<Boot> changed = log.changedSince(before, Duration.ofSeconds(5), () -> false);
    assertEquals(100, changed.size());
    List<Long> order = changed.stream().map(boot -> boot.timeline().change()).toList();
    assertEquals(order.stream().sorted().toList(), order);
    assertEquals(List.of(), log.changedSince(log.changes(), Duration.ofMillis(1), () -> false));
  }
}
