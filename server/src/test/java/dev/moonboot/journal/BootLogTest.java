package dev.moonboot.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.journal.Boot.Answer;
import dev.moonboot.journal.Boot.Node;
import dev.moonboot.journal.Boot.Result;
import dev.moonboot.node.Sightings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BootLogTest {
  private static final Answer WORKER = new Answer("default", "worker", "sha256:ab", "channel", "");
  private static final String KERNEL = "assets/talos/custom/sha256-ab/arm64/vmlinuz";
  private static final String INITRD = "assets/talos/custom/sha256-ab/arm64/initramfs.xz";
  private static final List<String> SCRIPT =
      List.of("/" + KERNEL + "?x=y", "--name main http://10.0.0.1:8080/" + INITRD);

  private final AtomicLong nanos = new AtomicLong();
  private volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final BootLog log = new BootLog(new Sightings(), 100, 10, () -> now, nanos::get);

  private static Node node(String mac, String client) {
    return new Node(mac, "", "", "arm64", client);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    now = now.plus(time);
  }

  private Boot latest() {
    return log.recent(BootFilter.ALL, 1).getFirst();
  }

  @Test
  void a_boot_is_loaded_when_every_file_of_its_script_was_sent_whole() {
    log.script(node("aa:01", "10.0.0.7"), WORKER, SCRIPT);
    assertEquals(Result.SCRIPT, latest().result());
    pass(Duration.ofSeconds(1));
    log.transfer(new Sent("10.0.0.7", "/" + KERNEL, 0, 100, 100));
    assertEquals(Result.LOADING, latest().result());
    pass(Duration.ofSeconds(1));
    log.transfer(new Sent("10.0.0.7", INITRD.substring("assets/".length()), 0, 200, 200));
    Boot boot = latest();
    assertEquals(Result.LOADED, boot.result());
    assertEquals(
        List.of(
            new Boot.File(
                "talos/custom/sha256-ab/arm64/vmlinuz",
                100,
                100,
                Instant.parse("2026-03-01T12:00:01Z"),
                Instant.parse("2026-03-01T12:00:01Z")),
            new Boot.File(
                "talos/custom/sha256-ab/arm64/initramfs.xz",
                200,
                200,
                Instant.parse("2026-03-01T12:00:02Z"),
                Instant.parse("2026-03-01T12:00:02Z"))),
        boot.files());
  }

  @Test
  void a_download_that_was_cut_off_and_resumed_is_whole_and_one_with_a_hole_is_not() {
    log.script(node("aa:01", "10.0.0.7"), WORKER, SCRIPT.subList(0, 1));
    log.transfer(new Sent("10.0.0.7", "/" + KERNEL, 60, 40, 100));
    assertEquals(Result.LOADING, latest().result());
    log.transfer(new Sent("10.0.0.7", "/" + KERNEL, 0, 30, 100));
    log.transfer(new Sent("10.0.0.7", "/" + KERNEL, 30, 30, 100));
    assertEquals(60, latest().files().getFirst().bytes());
    log.transfer(new Sent("10.0.0.7", "/" + KERNEL, 60, 40, 100));
    assertEquals(Result.LOADED, latest().result());
  }

  @Test
  void a_file_belongs_to_the_latest_boot_of_that_address_that_still_wants_it() {
    log.script(node("aa:01", "10.0.0.7"), WORKER, SCRIPT.subList(0, 1));
    log.script(node("aa:02", "10.0.0.7"), WORKER, SCRIPT.subList(0, 1));
    log.script(node("aa:03", "10.0.0.8"), WORKER, SCRIPT.subList(0, 1));
    log.transfer(new Sent("10.0.0.7", "/" + KERNEL, 0, 100, 100));
    log.transfer(new Sent("10.0.0.7", "/" + KERNEL, 0, 100, 100));
    assertEquals(
        List.of(Result.SCRIPT, Result.LOADED, Result.LOADED),
        log.recent(BootFilter.ALL, 9).stream().map(Boot::result).toList());
  }

  @Test
  void a_file_that_comes_half_an_hour_later_belongs_to_no_boot() {
    log.script(node("aa:01", "10.0.0.7"), WORKER, SCRIPT.subList(0, 1));
    pass(Duration.ofMinutes(31));
    log.transfer(new Sent("10.0.0.7", "/" + KERNEL, 0, 100, 100));
    assertEquals(Result.SCRIPT, latest().result());
  }

  @Test
  void a_variable_of_ipxe_in_a_url_stands_for_any_text() {
    log.script(
        node("aa:01", "10.0.0.7"),
        WORKER,
        List.of("/assets/talos/custom/sha256-ab/vmlinuz-${buildarch:uristring}?a=b"));
    log.transfer(new Sent("10.0.0.7", "/assets/talos/custom/sha256-ab/vmlinuz-arm64", 0, 9, 9));
    assertEquals(Result.LOADED, latest().result());
  }

  @Test
  void files_of_other_servers_are_not_waited_for() {
    log.script(
        node("aa:01", "10.0.0.7"), WORKER, List.of("http://mirror.example/vmlinuz", "/" + INITRD));
    log.transfer(new Sent("10.0.0.7", "/" + INITRD, 0, 9, 9));
    assertEquals(Result.LOADED, latest().result());
  }

  @Test
  void boots_are_found_by_node_profile_and_result() {
    log.script(node("aa:01", "10.0.0.7"), WORKER, SCRIPT);
    log.refused(node("aa:02", "10.0.0.8"), new Answer("", "", "", "", "no group"), Result.NO_MATCH);
    assertEquals(1, log.recent(new BootFilter("AA:01", "", null), 9).size());
    assertEquals(1, log.recent(new BootFilter("10.0.0.8", "", null), 9).size());
    assertEquals(1, log.recent(new BootFilter("", "worker", null), 9).size());
    assertEquals(
        Optional.of("no group"),
        log.recent(new BootFilter("", "", Result.NO_MATCH), 9).stream()
            .map(boot -> boot.answer().why())
            .findFirst());
    assertEquals(List.of(), log.recent(new BootFilter("aa:01", "", Result.LOADED), 9));
  }

  @Test
  void the_oldest_go_first_and_nobody_pushes_out_the_others() {
    log.script(node("aa:01", "10.0.0.7"), WORKER, SCRIPT);
    IntStream.range(0, 500)
        .forEach(i -> log.script(node("bb:" + i, "10.0.0.66"), WORKER, List.of()));
    List<Boot> all = log.recent(BootFilter.ALL, 1_000);
    assertEquals(11, all.size());
    assertEquals("aa:01", all.getLast().node().mac());
    IntStream.range(0, 500)
        .forEach(i -> log.script(node("cc:" + i, "10.1.0." + i), WORKER, List.of()));
    assertEquals(100, log.recent(BootFilter.ALL, 1_000).size());
    assertEquals("cc:499", latest().node().mac());
  }

  /** Who asks by TFTP can say that he is at any address. */
  @Test
  void datagrams_from_made_up_addresses_push_out_nobody_who_was_heard() {
    log.script(node("aa:01", "10.0.0.7"), WORKER, SCRIPT);
    log.asked(new Asked("10.0.0.8", "tftp", "boot/aa-02-00-00-00-00/ipxe-amd64.efi", 100));
    log.transfer(
        new Sent(
            "10.0.0.8",
            "tftp",
            "boot/aa-02-00-00-00-00/ipxe-amd64.efi",
            0,
            100,
            100,
            Duration.ofSeconds(1),
            Sent.End.DONE));
    for (int i = 0; i < 1000; i++) {
      String forged = "10.1." + i / 256 + "." + i % 256;
      log.asked(new Asked(forged, "tftp", "undionly.kpxe", 100));
      log.told(
          new Told(node("cc:" + i, forged), WORKER, Told.Form.CONFIG_TXT, List.of(), List.of()));
      log.missed(new Missed(forged, "tftp", "x", "file not found"));
      log.transfer(
          new Sent(
              forged, "tftp", "undionly.kpxe", 0, 0, 100, Duration.ofSeconds(7), Sent.End.SILENT));
    }
    List<Boot> all = log.recent(BootFilter.ALL, 1_000);
    assertEquals(
        List.of("10.0.0.8", "10.0.0.7"),
        all.subList(all.size() - 2, all.size()).stream()
            .map(boot -> boot.node().client())
            .toList());
    assertEquals(27, all.size());
  }

  /** A node may call itself by another name with every request. */
  @Test
  void names_that_no_boot_has_any_more_are_forgotten() {
    for (int i = 0; i < 1000; i++) {
      log.script(
          new Node("aa:01", "uuid-" + i, "serial-" + i, "arm64", "10.0.0.7"), WORKER, SCRIPT);
    }
    assertEquals(1, log.recent(BootFilter.ALL, 100).size());
    assertEquals(3, log.names());
    for (int i = 0; i < 100; i++) { // which push the first one out
      log.script(node("bb:" + i, "10.0.1." + i), WORKER, SCRIPT);
    }
    assertEquals(100, log.names());
    log.script(new Node("", "uuid-1", "", "arm64", "10.0.0.8"), WORKER, SCRIPT);
    assertEquals("uuid-1", latest().node().uuid());
  }

  @Test
  void what_nodes_send_is_cut() {
    log.script(
        node("x".repeat(5_000), "10.0.0.7"), WORKER, List.of("/assets/" + "y".repeat(5_000)));
    Boot boot = latest();
    assertEquals(256, boot.node().mac().length());
    assertTrue(boot.files().getFirst().path().length() <= 256);
  }
}
