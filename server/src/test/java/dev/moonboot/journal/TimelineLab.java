package dev.moonboot.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.journal.Boot.Answer;
import dev.moonboot.journal.Boot.Node;
import dev.moonboot.journal.Boot.Result;
import dev.moonboot.journal.Timeline.Outcome;
import dev.moonboot.journal.Told.Form;
import dev.moonboot.node.MacAddress;
import dev.moonboot.node.Sightings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** What happens to nodes, as their firmware lets it happen, and a clock. */
abstract class TimelineLab {
  static final String MAC = "52:54:00:a1:9c:ae";
  static final String DASHES = "52-54-00-a1-9c-ae";
  static final String CLIENT = "10.0.0.7";
  static final String RELEASE = "/assets/talos/custom/sha256-ab/amd64/";
  static final Answer ANSWER = new Answer("g", "p", "sha256:ab", "channel", "");
  static final List<String> ARGS =
      List.of("talos.platform=metal", "talos.config=http://10.0.0.1:8080/config/SECRETTICKET");

  final Sightings sightings = new Sightings();
  final AtomicLong nanos = new AtomicLong();
  volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");
  final BootLog log = new BootLog(sightings, 100, 20, () -> now, nanos::get);

  final void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    now = now.plus(time);
  }

  final void seconds(long count) {
    pass(Duration.ofSeconds(count));
  }

  final void isAt(String mac, String address) {
    sightings.note(
        new Sightings.Seen(new MacAddress(mac), address, "", "", "", "amd64", "uefi-pxe"));
  }

  final void offered(String firmware, String file) {
    log.offered(new Offered(MAC, "", "", "amd64", firmware, file));
  }

  final void confirmed(String firmware, String file) {
    log.confirmed(new Offered(MAC, "", "", "amd64", firmware, file));
  }

  final void tftp(String path, long size) {
    sent("tftp", path, size, size, Sent.End.DONE);
  }

  final void http(String path, long size) {
    sent("http", path, size, size, Sent.End.DONE);
  }

  final void probe(String path, long size) {
    sent("tftp", path, 0, size, Sent.End.PROBED);
  }

  final void sent(String protocol, String path, long bytes, long size, Sent.End end) {
    log.asked(new Asked(CLIENT, protocol, path, size));
    seconds(1);
    log.transfer(new Sent(CLIENT, protocol, path, 0, bytes, size, Duration.ofSeconds(1), end));
  }

  final void missing(String protocol, String path) {
    log.missed(new Missed(CLIENT, protocol, path, "file not found"));
  }

  final void told(Form form, List<String> files, List<String> args) {
    log.told(new Told(new Node(MAC, "", "", "amd64", CLIENT), ANSWER, form, files, args));
  }

  final void script() {
    told(Form.IPXE, List.of(RELEASE + "vmlinuz", "--name i " + RELEASE + "initramfs.xz"), ARGS);
  }

  final void files() {
    http(RELEASE + "vmlinuz", 14_000_000);
    http(RELEASE + "initramfs.xz", 80_000_000);
  }

  final void refused(Result result, String why) {
    log.refused(new Node(MAC, "", "", "amd64", CLIENT), new Answer("", "", "", "", why), result);
  }

  final void configured() {
    log.configured(new Configured(CLIENT, "", Configured.Kind.MACHINE, 4_000, ""));
  }

  final void talos(String what, String text, TalosSaid.Level level) {
    log.talos(new TalosSaid(CLIENT, "kernel", what, text, level));
  }

  final Boot latest() {
    return log.recent(BootFilter.ALL, 1).getFirst();
  }

  /** The only boot there is, with its events. */
  final Boot only() {
    List<Boot> all = log.recent(BootFilter.ALL, 100);
    assertEquals(1, all.size(), all.toString());
    return log.find(all.getFirst().id()).orElseThrow();
  }

  /** {@code dhcp=done program=done …}. */
  static String stages(Boot boot) {
    return boot.timeline().steps().stream()
        .map(step -> (step.stage() + "=" + step.state()).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(" "));
  }

  static void assertVerdict(Outcome outcome, String rule, Boot boot) {
    Timeline.Verdict verdict = boot.timeline().verdict();
    assertEquals(outcome + " " + rule, verdict.outcome() + " " + verdict.rule(), boot.toString());
    assertTrue(rule.isEmpty() || !verdict.reason().isEmpty(), boot.toString());
  }
}
