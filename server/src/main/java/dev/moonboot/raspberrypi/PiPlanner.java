package dev.moonboot.raspberrypi;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.boot.BootAnswer;
import dev.moonboot.boot.BootPlan;
import dev.moonboot.boot.BootPlanner;
import dev.moonboot.firmware.Asker;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.PiBoot;
import dev.moonboot.profile.Profile;
import dev.moonboot.release.Releases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes of a node's labels what its firmware can load. */
final class PiPlanner {
  /** COMMAND_LINE_SIZE of arm64 kernels, less the NUL. */
  private static final int MOST_CMDLINE = 2047;

  private static final System.Logger LOG = System.getLogger(PiTree.class.getName());

  private final BootPlanner planner;
  private final Supplier<Catalog> catalog;
  private final Releases releases;
  private final FirmwareSources firmware;
  private final Filling filling;

  PiPlanner(PiTree.Subjects subjects, FirmwareSources firmware) {
    this.planner = subjects.planner();
    this.catalog = subjects.catalog();
    this.releases = subjects.releases();
    this.filling = subjects.filling();
    this.firmware = firmware;
  }

  /** What the node is to boot. May wait for the disk. */
  PiAnswer plan(PiNode node, Asker who) {
    BootAnswer answer = planner.plan(node.labels());
    return switch (filling.fill(answer, node.labels(), who, false)) {
      case BootAnswer.NoMatch none -> new PiAnswer.Refused("", none.why());
      case BootAnswer.NotReady(var profile, var channel) -> new PiAnswer.NotReady(profile, channel);
      case BootAnswer.Plan(var filled) -> plan(node, filled, unfilled(answer, filled));
    };
  }

  /** Tickets are made when the arguments are asked for, and not before. */
  private static BootPlan unfilled(BootAnswer answer, BootPlan filled) {
    return answer instanceof BootAnswer.Plan(var plan) ? plan : filled;
  }

  private PiAnswer plan(PiNode node, BootPlan filled, BootPlan unfilled) {
    PiBoot how =
        catalog
            .get()
            .profile(filled.profile())
            .map(Profile::extensions)
            .map(asked -> asked.raspberryPi())
            .orElse(PiBoot.DEFAULT);
    return switch (firmware.now(how.way())) {
      case FirmwareSources.State.NotReady(var channel) ->
          new PiAnswer.NotReady(filled.profile(), channel);
      case FirmwareSources.State.Missing(var why) -> new PiAnswer.Refused(filled.profile(), why);
      case FirmwareSources.State.There(var files) ->
          switch (how.way()) {
            case KERNEL ->
                PiArguments.line(filled.args(), node) instanceof PiArguments.Result.Unknown unknown
                    ? refused(unfilled, noValue(unknown.variable()))
                    : kernel(node, unfilled, how, files);
            case U_BOOT, UEFI -> firmware(node, unfilled, how, files);
          };
    };
  }

  private PiAnswer firmware(PiNode node, BootPlan plan, PiBoot how, PiFirmware files) {
    try {
      String configTxt = ConfigTxt.render(plan.profile(), how, List.of(), ofUefi(how));
      return new PiAnswer.Boots(new PiPlan(node, plan, how, files, Map.of(), configTxt));
    } catch (IOException e) {
      return refused(
          plan,
          "config.txt of the UEFI firmware (raspberry-pi.uefi) cannot be read: "
              + e.getClass().getSimpleName());
    }
  }

  private PiAnswer kernel(PiNode node, BootPlan plan, PiBoot how, PiFirmware firmwareFiles) {
    return switch (PlannedFiles.of(plan, releases)) {
      case PlannedFiles.Result.Unusable(var why) -> refused(plan, why);
      case PlannedFiles.Result.Known(var files, var initramfs) -> {
        String configTxt = ConfigTxt.render(plan.profile(), how, initramfs, "");
        yield new PiAnswer.Boots(new PiPlan(node, plan, how, firmwareFiles, files, configTxt));
      }
    };
  }

  private static String noValue(String variable) {
    return "${%s} in its arguments has no value on a Raspberry Pi%s"
        .formatted(variable, variable.equals("uuid") ? ", which has no SMBIOS: use ${mac}" : "");
  }

  private static PiAnswer refused(BootPlan plan, String why) {
    return new PiAnswer.Refused(plan.profile(), "profile " + plan.profile() + ": " + why);
  }

  /** What the UEFI firmware says itself; where it has no text, that is none. */
  private String ofUefi(PiBoot how) throws IOException {
    Optional<Path> file =
        how.way() == PiBoot.Way.UEFI ? firmware.ofUefi("config.txt") : Optional.empty();
    // in whatever encoding: a comment in another one is no reason not to boot
    return file.isPresent() ? new String(Files.readAllBytes(file.get()), UTF_8) : "";
  }

  /** The line of {@code cmdline.txt}, with a fresh ticket where one is needed. */
  Optional<String> cmdline(PiPlan plan, Asker who) {
    PiNode node = plan.node();
    BootAnswer fresh = filling.fill(new BootAnswer.Plan(plan.boot()), node.labels(), who, true);
    if (!(fresh instanceof BootAnswer.Plan(var filled))
        || !(PiArguments.line(filled.args(), node) instanceof PiArguments.Result.Line line)) {
      return Optional.empty();
    }
    if (!line.filled().isEmpty() || !line.left().isEmpty()) {
      LOG.log(
          INFO,
          "raspberry_pi node={0} cmdline filled={1} left_to_talos={2}",
          node.id(),
          String.join(",", line.filled()),
          String.join(",", line.left()));
    }
    if (line.text().length() > MOST_CMDLINE) {
      LOG.log(
          WARNING,
          "long_cmdline profile={0} characters={1} limit={2}: the kernel cuts it",
          plan.boot().profile(),
          Integer.toString(line.text().length()),
          Integer.toString(MOST_CMDLINE));
    }
    return Optional.of(line.text());
  }
}
