package dev.moonboot.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.journal.Boot.Result;
import dev.moonboot.journal.Timeline.Outcome;
import dev.moonboot.journal.Told.Form;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule by a boot that it is made for. */
class RulesTest extends TimelineLab {
  private static final String NBP = "boot/" + DASHES + "/undionly.kpxe";

  /** What happens, and what is said of it then. */
  record Story(String rule, Outcome outcome, String says, Consumer<RulesTest> happens) {
    @Override
    public String toString() {
      return rule;
    }
  }

  private static Story story(
      String rule, Outcome outcome, String says, Consumer<RulesTest> happens) {
    return new Story(rule, outcome, says, happens);
  }

  static List<Story> stories() {
    List<Story> all = new ArrayList<>();
    all.addAll(beforeTheScript());
    all.addAll(afterTheScript());
    return all;
  }

  private static List<Story> beforeTheScript() {
    return List.of(
        story(
            "loop",
            Outcome.FAILED,
            "asked for undionly.kpxe three times and never came back as iPXE",
            t -> {
              for (int i = 0; i < 3; i++) {
                t.offered("bios-pxe", NBP);
                t.tftp(NBP, 70_000);
                t.seconds(10);
              }
            }),
        story(
            "loop-of-ipxe",
            Outcome.FAILED,
            "asked for ipxe.efi four times, which runs, and loads itself again",
            t -> {
              for (int i = 0; i < 4; i++) {
                t.offered("ipxe", "http://10.0.0.1/boot.ipxe");
                t.isAt(MAC, CLIENT);
                t.tftp("ipxe.efi", 70_000);
              }
            }),
        story(
            "probe-only",
            Outcome.STUCK,
            "asked for the size of undionly.kpxe and never for the file",
            t -> {
              t.offered("bios-pxe", NBP);
              t.probe(NBP, 70_000);
              t.seconds(31);
            }),
        story(
            "program-quiet",
            Outcome.STUCK,
            "loaded undionly.kpxe and was not heard of since",
            t -> {
              t.tftp("undionly.kpxe", 70_000);
              t.seconds(61);
            }),
        story(
            "program-missing",
            Outcome.FAILED,
            "asked for boot/x.efi by TFTP and did not get it: file not found",
            t -> t.missing("tftp", "boot/x.efi")),
        story(
            "program-broken-off",
            Outcome.FAILED,
            "was not heard any more after 1400 of 70000 bytes of undionly.kpxe: packets are lost",
            t -> {
              t.sent("tftp", "undionly.kpxe", 1400, 70_000, Sent.End.SILENT);
              t.seconds(31);
            }),
        story(
            "pi-firmware-missing",
            Outcome.FAILED,
            "asked for start4.elf or start.elf, and there is none",
            t -> {
              t.offered("raspberry-pi", "");
              t.isAt(MAC, CLIENT);
              t.missing("tftp", "91cdf03d/start4.elf");
              t.missing("tftp", "start4.elf");
              t.seconds(31);
            }),
        story(
            "menu-missing",
            Outcome.FAILED,
            "asked for pxelinux.cfg/default by TFTP",
            t -> {
              t.offered("u-boot", "x");
              t.isAt(MAC, CLIENT);
              t.missing("tftp", "pxelinux.cfg/01-" + DASHES);
              t.missing("tftp", "pxelinux.cfg/default");
              t.seconds(31);
            }),
        story(
            "script-never-asked",
            Outcome.STUCK,
            "runs iPXE and did not ask for its script (http://10.0.0.1/boot.ipxe)",
            t -> {
              t.offered("ipxe", "http://10.0.0.1/boot.ipxe");
              t.seconds(31);
            }),
        story(
            "nothing-offered",
            Outcome.FAILED,
            "offered nothing",
            t -> {
              t.offered("uefi-pxe", "");
              t.seconds(31);
            }),
        story(
            "u-boot-asks-router",
            Outcome.STUCK,
            "set next-server there to our address",
            t -> {
              t.offered("u-boot", "boot/x");
              t.seconds(31);
            }),
        story(
            "pi-asks-router",
            Outcome.STUCK,
            "TFTP_IP in its EEPROM",
            t -> {
              t.offered("raspberry-pi", "");
              t.seconds(31);
            }),
        story(
            "http-never-asked",
            Outcome.STUCK,
            "was offered http://10.0.0.1/b.efi and never asked for it",
            t -> {
              t.offered("uefi-http", "http://10.0.0.1/b.efi");
              t.seconds(31);
            }),
        story(
            "tftp-never-asked",
            Outcome.STUCK,
            "UDP port 69 is blocked",
            t -> {
              t.offered("uefi-pxe", NBP);
              t.confirmed("uefi-pxe", NBP);
              t.seconds(31);
            }),
        story(
            "offer-not-taken",
            Outcome.STUCK,
            "asked neither port 4011 nor TFTP for anything (PXE-E16",
            t -> {
              t.offered("uefi-pxe", NBP);
              t.seconds(31);
            }));
  }

  private static List<Story> afterTheScript() {
    return List.of(
        story(
            "no-group",
            Outcome.FAILED,
            "no group selects this node (no group matches)",
            t -> t.refused(Result.NO_MATCH, "no group matches")),
        story(
            "fault",
            Outcome.FAILED,
            "a fault in moonboot",
            t -> t.refused(Result.ERROR, "a fault in moonboot itself; see the log")),
        story(
            "no-release",
            Outcome.STUCK,
            "channel custom has no release yet",
            t -> t.refused(Result.NOT_READY, "channel custom has no release yet")),
        story(
            "nothing-to-load",
            Outcome.FINISHED,
            "names no file of ours",
            t -> t.told(Form.IPXE, List.of("http://elsewhere/vmlinuz"), List.of())),
        story(
            "kernel-never-asked",
            Outcome.STUCK,
            "has its script and did not ask for the kernel",
            t -> {
              t.script();
              t.seconds(61);
            }),
        story(
            "file-missing",
            Outcome.FAILED,
            "vmlinuz by HTTP and did not get it",
            t -> {
              t.script();
              t.missing("http", RELEASE + "vmlinuz");
            }),
        story(
            "file-broken-off",
            Outcome.FAILED,
            "broke off after 500 of 14000000 bytes",
            t -> {
              t.script();
              t.sent("http", RELEASE + "vmlinuz", 500, 14_000_000, Sent.End.ABORTED);
              t.seconds(31);
            }),
        story(
            "file-stalled",
            Outcome.STUCK,
            "neither ends nor goes on",
            t -> {
              t.script();
              t.log.asked(new Asked(CLIENT, "http", RELEASE + "vmlinuz", 9));
              t.seconds(601);
            }),
        story(
            "initramfs-never-asked",
            Outcome.STUCK,
            "did not ask for talos/custom/sha256-ab/amd64/initramfs.xz",
            t -> {
              t.script();
              t.http(RELEASE + "vmlinuz", 14_000_000);
              t.seconds(61);
            }),
        story(
            "no-config",
            Outcome.FINISHED,
            "maintenance mode",
            t -> {
              t.told(Form.IPXE, List.of(RELEASE + "vmlinuz"), List.of("talos.platform=metal"));
              t.http(RELEASE + "vmlinuz", 9);
            }),
        story(
            "loaded",
            Outcome.FINISHED,
            "all files are loaded",
            t -> {
              t.told(Form.IPXE, List.of(RELEASE + "vmlinuz"), List.of("console=ttyS0"));
              t.http(RELEASE + "vmlinuz", 9);
            }),
        story(
            "config-never-read",
            Outcome.STUCK,
            "nobody came for http://10.0.0.1:8080/config/***: the kernel does not come up",
            t -> {
              t.script();
              t.files();
              t.seconds(241);
            }),
        story(
            "kernel-quiet",
            Outcome.STUCK,
            "Talos tells nothing although its arguments say so",
            t -> {
              t.told(
                  Form.IPXE,
                  List.of(RELEASE + "vmlinuz"),
                  List.of("talos.logging.kernel=tcp://10.0.0.1:5514"));
              t.http(RELEASE + "vmlinuz", 9);
              t.seconds(241);
            }),
        story(
            "config-refused",
            Outcome.FAILED,
            "was refused: its right to read is not good",
            t -> {
              t.loaded();
              t.log.configured(
                  new Configured(
                      CLIENT, "", Configured.Kind.MACHINE, 0, "its right to read is not good"));
            }),
        story(
            "config-missing",
            Outcome.FAILED,
            "node.yaml by HTTP",
            t -> {
              t.told(
                  Form.IPXE,
                  List.of(RELEASE + "vmlinuz"),
                  List.of("talos.config=http://10.0.0.1/assets/node.yaml"));
              t.http(RELEASE + "vmlinuz", 9);
              t.missing("http", "/assets/node.yaml");
            }),
        story(
            "approval-waits",
            Outcome.STUCK,
            "moonboot admin devices",
            t -> {
              t.loaded();
              t.log.approval(new Approval(CLIENT, "", Approval.State.WAITS));
            }),
        story(
            "approval-denied",
            Outcome.FAILED,
            "denied",
            t -> {
              t.loaded();
              t.log.approval(new Approval(CLIENT, "", Approval.State.DENIED));
            }),
        story(
            "configured",
            Outcome.FINISHED,
            "read its configuration",
            t -> {
              t.loaded();
              t.configured();
            }),
        story(
            "configured-quiet",
            Outcome.STUCK,
            "is talos.kernel-log or talos.events on",
            t -> {
              List<String> args = new ArrayList<>(ARGS);
              args.add("talos.events.sink=10.0.0.1:5515");
              t.told(Form.IPXE, List.of(RELEASE + "vmlinuz"), args);
              t.http(RELEASE + "vmlinuz", 9);
              t.configured();
              t.seconds(241);
            }),
        story(
            "talos-up",
            Outcome.FINISHED,
            "Talos is up",
            t -> {
              t.loaded();
              t.talos("phase", "phase x failed", TalosSaid.Level.FAILED);
              t.talos("sequence", "boot sequence: done: 50s", TalosSaid.Level.UP);
            }),
        story(
            "talos-failed",
            Outcome.FAILED,
            "Talos says: config does not validate",
            t -> {
              t.loaded();
              t.talos("config", "config does not validate", TalosSaid.Level.FAILED);
            }),
        story(
            "talos-quiet",
            Outcome.STUCK,
            "the last error was: no such disk",
            t -> {
              t.loaded();
              t.talos("kernel", "no such disk", TalosSaid.Level.ERROR);
              t.seconds(601);
            }));
  }

  private void loaded() {
    script();
    files();
  }

  @ParameterizedTest
  @MethodSource("stories")
  void a_boot_that_stands_still_is_told_why(Story story) {
    story.happens().accept(this);
    Boot boot = only();
    assertVerdict(story.outcome(), story.rule(), boot);
    String reason = boot.timeline().verdict().reason();
    assertTrue(reason.contains(story.says()), reason);
  }

  @Test
  void every_rule_has_its_story() {
    Set<String> told = new HashSet<>(stories().stream().map(Story::rule).toList());
    assertEquals(new HashSet<>(Rules.names()), told);
  }

  @Test
  void a_boot_that_goes_on_is_told_nothing() {
    Stream<Consumer<RulesTest>> steps =
        Stream.of(
            t -> t.offered("bios-pxe", NBP),
            t -> t.isAt(MAC, CLIENT),
            t -> t.probe(NBP, 70_000),
            t -> t.tftp(NBP, 70_000),
            t -> t.offered("ipxe", "http://10.0.0.1/boot.ipxe"),
            RulesTest::script,
            RulesTest::loaded);
    steps.forEach(step -> {
      step.accept(this);
      seconds(10);
      assertVerdict(Outcome.RUNNING, "", only());
    });
  }

  @Test
  void what_was_wrong_is_forgotten_once_it_went_well() {
    script();
    sent("http", RELEASE + "vmlinuz", 500, 14_000_000, Sent.End.ABORTED);
    seconds(40);
    assertVerdict(Outcome.FAILED, "file-broken-off", only());
    files();
    assertVerdict(Outcome.RUNNING, "", only());
    log.configured(new Configured(CLIENT, "", Configured.Kind.MACHINE, 0, "no"));
    configured();
    assertVerdict(Outcome.FINISHED, "configured", only());
  }
}
