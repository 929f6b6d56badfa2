package dev.moonboot.journal;

import dev.moonboot.journal.Boot.Result;
import dev.moonboot.journal.Timeline.Outcome;
import dev.moonboot.journal.Timeline.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * How a boot stands, and why it is likely so: the first rule that applies says it. Nothing waits
 * for a rule to apply: it is asked when somebody looks.
 */
final class Rules {
  /** Firmware that was offered something asks within a few seconds, and gives up after 30. */
  private static final Duration OFFERED = Duration.ofSeconds(30);

  /** The time a boot program has to come up, find its network and ask for a script. */
  private static final Duration PROGRAM = Duration.ofSeconds(60);

  /** The time from one file to the next. */
  private static final Duration FILES = Duration.ofSeconds(60);

  /** A file that was begun ends by itself: who sends it minds those who do not read. */
  private static final Duration TRANSFER = Duration.ofMinutes(10);

  /** The time a kernel has to come up and find its network; servers are slow. */
  private static final Duration KERNEL = Duration.ofMinutes(4);

  /** Talos pulls images and forms a cluster meanwhile, but always tells something. */
  private static final Duration TALOS = Duration.ofMinutes(10);

  /** Loading the same program so often is no accident. */
  private static final int LOOP = 3;

  /** Such a boot has gone so far, and nothing more is to be expected. */
  private record Rule(
      String name,
      Outcome outcome,
      BiPredicate<Track, Duration> applies,
      Function<Track, String> reason) {}

  private static final List<Rule> RULES =
      List.of(
          new Rule("talos-up", Outcome.FINISHED, (t, _) -> t.isUp(), _ -> "Talos is up"),
          new Rule(
              "talos-failed",
              Outcome.FAILED,
              (t, _) -> t.isFatal(),
              t -> "Talos says: " + t.trouble()),
          new Rule(
              "no-group",
              Outcome.FAILED,
              (t, _) -> told(t, Result.NO_MATCH) && !t.isLoading(),
              t ->
                  "no group selects this node ("
                      + t.answer().why()
                      + "); moonboot admin explain with its labels says which come close"),
          new Rule(
              "fault",
              Outcome.FAILED,
              (t, _) -> told(t, Result.ERROR),
              t -> t.answer().why() + "; the node has to be started again"),
          new Rule(
              "no-release",
              Outcome.STUCK,
              (t, _) -> told(t, Result.NOT_READY),
              t ->
                  t.answer().why()
                      + "; iPXE asks again by itself, other firmware has to be started again once"
                      + " moonboot admin channels shows one"),
          new Rule(
              "approval-denied",
              Outcome.FAILED,
              (t, _) -> !t.isConfigured() && approval(t, Approval.State.DENIED),
              _ -> "somebody denied it its machine config"),
          new Rule(
              "approval-waits",
              Outcome.STUCK,
              (t, _) -> !t.isConfigured() && approval(t, Approval.State.WAITS),
              _ -> "waits for its machine config until somebody approves: moonboot admin devices"),
          new Rule(
              "config-refused",
              Outcome.FAILED,
              (t, _) -> !t.configRefused().isEmpty(),
              t ->
                  "asked for its configuration and was refused: "
                      + t.configRefused()
                      + "; a ticket holds for a while, for one address and few reads: start the"
                      + " node again for a new one"),
          new Rule(
              "loop",
              Outcome.FAILED,
              (t, _) -> loops(t) && t.offersToIpxe() == 0,
              t ->
                  loaded(t)
                      + " and never came back as iPXE: it hangs, Secure Boot does not let it run, or"
                      + " it runs and DHCP sends it to the same file again instead of a script"
                      + " (moonboot dhcp-snippet prints how to tell iPXE apart)"),
          new Rule(
              "loop-of-ipxe",
              Outcome.FAILED,
              (t, _) -> loops(t),
              t ->
                  loaded(t)
                      + ", which runs, and loads itself again instead of a script: another DHCP"
                      + " server's answer wins (moonboot doctor shows whose)"),
          new Rule(
              "talos-quiet",
              Outcome.STUCK,
              (t, quiet) -> t.has(Stage.TALOS) && over(quiet, TALOS),
              t ->
                  "Talos told nothing for "
                      + minutes(TALOS)
                      + " and never that it is up"
                      + (t.trouble().isEmpty() ? "" : "; the last error was: " + t.trouble())),
          new Rule(
              "configured",
              Outcome.FINISHED,
              (t, _) -> t.isConfigured() && !t.has(Stage.TALOS) && !t.args().tells(),
              _ -> "it read its configuration; what comes then is not seen from here"),
          new Rule(
              "configured-quiet",
              Outcome.STUCK,
              (t, quiet) -> t.isConfigured() && !t.has(Stage.TALOS) && over(quiet, KERNEL),
              _ ->
                  "it read its configuration, and Talos tells nothing although its arguments say"
                      + " so: is talos.kernel-log or talos.events on, and can it be reached?"),
          new Rule(
              "config-missing",
              Outcome.FAILED,
              (t, _) -> t.isLoaded() && missedIn(t, Stage.CONFIG),
              Rules::missing),
          new Rule(
              "no-config",
              Outcome.FINISHED,
              (t, _) ->
                  t.isLoaded() && t.args().config().isEmpty() && t.args().isTalos() && !tells(t),
              _ ->
                  "kernel and initramfs are loaded; no argument names a machine config, so Talos"
                      + " waits in maintenance mode"),
          new Rule(
              "loaded",
              Outcome.FINISHED,
              (t, _) -> t.isLoaded() && !t.args().isOurs() && !tells(t),
              _ -> "all files are loaded; what comes then is not seen from here"),
          new Rule(
              "config-never-read",
              Outcome.STUCK,
              (t, quiet) -> t.isLoaded() && t.args().isOurs() && over(quiet, KERNEL),
              t ->
                  "kernel and initramfs are loaded, and nobody came for "
                      + t.args().config()
                      + ": the kernel does not come up (look at its console), has no driver for the"
                      + " network card, or cannot reach that address"),
          new Rule(
              "kernel-quiet",
              Outcome.STUCK,
              (t, quiet) -> (t.isLoaded() || namesNothing(t)) && over(quiet, KERNEL) && tells(t),
              _ ->
                  "all files are loaded, and Talos tells nothing although its arguments say so: the"
                      + " kernel does not come up, or cannot reach us"),
          new Rule(
              "file-missing",
              Outcome.FAILED,
              (t, _) ->
                  told(t, Result.SCRIPT)
                      && !t.isLoaded()
                      && (missedIn(t, Stage.KERNEL) || missedIn(t, Stage.INITRAMFS)),
              Rules::missing),
          new Rule(
              "file-broken-off",
              Outcome.FAILED,
              (t, quiet) ->
                  told(t, Result.SCRIPT) && brokeOff(t) && !running(t) && over(quiet, OFFERED),
              Rules::brokenOff),
          new Rule(
              "file-stalled",
              Outcome.STUCK,
              (t, quiet) -> (running(t) || t.programs.isRunning()) && over(quiet, TRANSFER),
              _ -> "a file is on its way and neither ends nor goes on"),
          new Rule(
              "initramfs-never-asked",
              Outcome.STUCK,
              (t, quiet) -> sentAny(t) && !running(t) && over(quiet, FILES),
              t ->
                  "it loaded a part of its files and did not ask for "
                      + unsent(t)
                      + ": too little memory, or a line of its script that this firmware does not"
                      + " take"),
          new Rule(
              "nothing-to-load",
              Outcome.FINISHED,
              (t, _) -> namesNothing(t) && !tells(t),
              _ -> "it has its script, which names no file of ours"),
          new Rule(
              "kernel-never-asked",
              Outcome.STUCK,
              (t, quiet) ->
                  told(t, Result.SCRIPT)
                      && !t.files().isEmpty()
                      && !t.isLoading()
                      && !running(t)
                      && over(quiet, FILES),
              _ ->
                  "it has its script and did not ask for the kernel: it cannot reach the address in"
                      + " it (http.advertise), or it was only looked at"),
          new Rule(
              "pi-firmware-missing",
              Outcome.FAILED,
              (t, quiet) ->
                  before(t, quiet)
                      && t.programs.lacks("start")
                      && !loadedName(t, "start")
                      && over(quiet, OFFERED),
              _ ->
                  "a Raspberry Pi asked for start4.elf or start.elf, and there is none: name a"
                      + " channel or a folder of its firmware (raspberry-pi.firmware)"),
          new Rule(
              "menu-missing",
              Outcome.FAILED,
              (t, quiet) -> before(t, quiet) && missedIn(t, Stage.SCRIPT) && over(quiet, OFFERED),
              t ->
                  missing(t)
                      + "; if it asks for pxelinux.cfg, a group has to select it by its hardware"
                      + " address"),
          new Rule(
              "program-missing",
              Outcome.FAILED,
              (t, quiet) -> before(t, quiet) && missedIn(t, Stage.PROGRAM) && !wholeLast(t),
              Rules::missing),
          new Rule(
              "program-broken-off",
              Outcome.FAILED,
              (t, quiet) -> before(t, quiet) && brokeOff(t) && over(quiet, OFFERED),
              Rules::brokenOff),
          new Rule(
              "probe-only",
              Outcome.STUCK,
              (t, quiet) -> before(t, quiet) && probedOnly(t) && over(quiet, OFFERED),
              t ->
                  "asked for the size of "
                      + lastName(t)
                      + " and never for the file: it is too large for this firmware, or answers of"
                      + " ours are lost on the way"),
          new Rule(
              "program-quiet",
              Outcome.STUCK,
              (t, quiet) -> before(t, quiet) && t.programs.anyLoaded() && over(quiet, PROGRAM),
              t ->
                  "loaded "
                      + lastName(t)
                      + " and was not heard of since: it hangs, Secure Boot does not let it run, or"
                      + " it finds no network"),
          new Rule(
              "script-never-asked",
              Outcome.STUCK,
              (t, quiet) ->
                  before(t, quiet)
                      && (t.offersToIpxe() > 0 || t.has(Stage.SCRIPT))
                      && over(quiet, OFFERED),
              t ->
                  "runs iPXE and did not ask for its script"
                      + (t.offeredFile().isEmpty() ? "" : " (" + t.offeredFile() + ")")
                      + ": it cannot reach our HTTP address (http.advertise, firewall)"),
          new Rule(
              "nothing-offered",
              Outcome.FAILED,
              (t, quiet) -> offeredOnly(t, quiet) && !t.isOffered(),
              _ ->
                  "asked by DHCP and was offered nothing: no group selects it by its hardware address"
                      + " and dhcp.unknown is false, or there is no boot program for what it is"),
          new Rule(
              "u-boot-asks-router",
              Outcome.STUCK,
              (t, quiet) -> offeredOnly(t, quiet) && is(t, "u-boot"),
              _ ->
                  "U-Boot asks the server that its DHCP server names for files, and came not to us:"
                      + " set next-server there to our address (moonboot dhcp-snippet)"),
          new Rule(
              "pi-asks-router",
              Outcome.STUCK,
              (t, quiet) -> offeredOnly(t, quiet) && is(t, "raspberry-pi"),
              _ ->
                  "the Raspberry Pi was offered a server and asked it for nothing: UDP port 69 is"
                      + " blocked, or TFTP_IP in its EEPROM names another"),
          new Rule(
              "http-never-asked",
              Outcome.STUCK,
              (t, quiet) -> offeredOnly(t, quiet) && is(t, "uefi-http"),
              t ->
                  "was offered "
                      + t.offeredFile()
                      + " and never asked for it: the port is blocked, or this firmware takes no"
                      + " plain http"),
          new Rule(
              "tftp-never-asked",
              Outcome.STUCK,
              (t, quiet) -> offeredOnly(t, quiet) && t.confirmations() > 0,
              t ->
                  "was told to load "
                      + t.offeredFile()
                      + " and never asked for it: UDP port 69 is blocked, or TFTP is off"),
          new Rule(
              "offer-not-taken",
              Outcome.STUCK,
              Rules::offeredOnly,
              t ->
                  "was offered "
                      + t.offeredFile()
                      + " and asked neither port 4011 nor TFTP for anything (PXE-E16, PXE-E55): a"
                      + " firewall drops UDP ports 4011 and 69, or another server's offer won"
                      + " (moonboot doctor); dhcp.quirks can set mode: direct for it"));

  private Rules() {}

  static Verdict verdict(Track track, Instant now) {
    Duration quiet = Duration.between(track.last(), now);
    return RULES.stream()
        .filter(rule -> rule.applies().test(track, quiet))
        .findFirst()
        .map(rule ->
            new Verdict(track.furthest(), rule.outcome(), rule.name(), rule.reason().apply(track)))
        .orElseGet(() -> new Verdict(track.furthest(), Outcome.RUNNING, "", ""));
  }

  /** The names of all rules, for tests and documents. */
  static List<String> names() {
    return RULES.stream().map(Rule::name).toList();
  }

  private static boolean over(Duration quiet, Duration limit) {
    return quiet.compareTo(limit) > 0;
  }

  private static String minutes(Duration time) {
    return time.toMinutes() + " minutes";
  }

  private static boolean told(Track track, Result result) {
    return track.toldResult().filter(result::equals).isPresent();
  }

  private static boolean approval(Track track, Approval.State state) {
    return track.approvalState().filter(state::equals).isPresent();
  }

  private static boolean tells(Track track) {
    return track.args().tells() || track.has(Stage.TALOS);
  }

  private static boolean namesNothing(Track track) {
    return told(track, Result.SCRIPT) && track.files().isEmpty();
  }

  /** It has not been told what to boot. */
  private static boolean before(Track track, Duration quiet) {
    return track.toldResult().isEmpty() && !track.programs.isRunning() && !quiet.isNegative();
  }

  private static boolean offeredOnly(Track track, Duration quiet) {
    return before(track, quiet) && track.programs.isEmpty() && over(quiet, OFFERED);
  }

  private static boolean is(Track track, String firmware) {
    return track.firmware().startsWith(firmware);
  }

  private static boolean loops(Track track) {
    return track.toldResult().isEmpty() && !track.has(Stage.SCRIPT) && times(track) >= LOOP;
  }

  private static int times(Track track) {
    return track.programs.mostLoaded().map(most -> most.getValue().whole).orElse(0);
  }

  private static String loaded(Track track) {
    String name = track.programs.mostLoaded().map(Entry::getKey).orElse("");
    return "asked for " + name + " " + count(times(track));
  }

  private static String count(int times) {
    return switch (times) {
      case 3 -> "three times";
      case 4 -> "four times";
      case 5 -> "five times";
      default -> times + " times";
    };
  }

  private static boolean missedIn(Track track, Stage stage) {
    return track
        .lastMissed()
        .filter(missed -> track.stage(BootPaths.clean(missed.path())) == stage)
        .isPresent();
  }

  private static String missing(Track track) {
    return track
        .lastMissed()
        .map(missed ->
            "asked for %s by %s and did not get it: %s"
                .formatted(
                    Text.open(BootPaths.clean(missed.path())),
                    missed.protocol().toUpperCase(Locale.ROOT),
                    Text.open(missed.why())))
        .orElse("");
  }

  private static boolean brokeOff(Track track) {
    return track.lastBroken().isPresent();
  }

  private static String brokenOff(Track track) {
    Optional<Sent> broken = track.lastBroken();
    return broken
        .map(part ->
            "%s after %d of %d bytes of %s: %s"
                .formatted(
                    how(part.end()),
                    part.from() + part.bytes(),
                    part.size(),
                    Text.open(BootPaths.clean(part.path())),
                    part.protocol().equals("tftp")
                        ? "packets are lost, or its memory is too small"
                        : "the connection is bad, or its memory is too small"))
        .orElse("");
  }

  private static String how(Sent.End end) {
    return switch (end) {
      case SILENT -> "was not heard any more";
      case CUT -> "was too slow and was cut off";
      case DONE, PROBED, ABORTED -> "broke off";
    };
  }

  private static boolean running(Track track) {
    return track.files().stream().anyMatch(Wanted::isRunning);
  }

  private static boolean sentAny(Track track) {
    return told(track, Result.SCRIPT)
        && !track.isLoaded()
        && track.files().stream().anyMatch(Wanted::isSent);
  }

  private static String unsent(Track track) {
    return track.files().stream()
        .filter(file -> !file.isSent())
        .map(Wanted::path)
        .findFirst()
        .orElse("the rest");
  }

  private static boolean probedOnly(Track track) {
    return track.programs.last().map(Entry::getValue).filter(c -> c.probed > 0).isPresent()
        && !wholeLast(track);
  }

  private static boolean wholeLast(Track track) {
    return track.programs.last().map(Entry::getValue).filter(c -> c.whole > 0).isPresent();
  }

  private static boolean loadedName(Track track, String start) {
    return track.programs.anyLoaded(start);
  }

  private static String lastName(Track track) {
    return track.programs.last().map(Entry::getKey).orElse("");
  }
}
