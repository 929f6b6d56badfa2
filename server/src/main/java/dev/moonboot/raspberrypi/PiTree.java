package dev.moonboot.raspberrypi;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.boot.BootPlanner;
import dev.moonboot.firmware.Asker;
import dev.moonboot.firmware.FlashedFiles;
import dev.moonboot.firmware.NodeFile;
import dev.moonboot.firmware.NodeTree;
import dev.moonboot.journal.BootLog;
import dev.moonboot.node.MacAddress;
import dev.moonboot.node.Sightings;
import dev.moonboot.profile.Catalog;
import dev.moonboot.release.ReleasePaths;
import dev.moonboot.release.Releases;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * What Raspberry Pis find, each in a tree of its own: below {@code <serial>/} and {@code
 * <mac-with-dashes>/} whoever asks, and at the root whoever is known to be one.
 *
 * <p>There are the firmware's files, {@code config.txt} and {@code cmdline.txt} made of the node's
 * profile, and {@code vmlinuz} and {@code initramfs.xz} of one release. A node that is to boot
 * nothing finds nothing, and its boot loader goes on with what comes next in {@code BOOT_ORDER}.
 */
public final class PiTree implements NodeTree {
  /**
   * What it is made from.
   *
   * @param neighbours the hardware address of a neighbour on the network, by its address
   */
  public record Subjects(
      BootPlanner planner,
      Supplier<Catalog> catalog,
      Releases releases,
      ReleasePaths paths,
      Sightings seen,
      Function<String, Optional<MacAddress>> neighbours,
      Filling filling,
      BootLog boots) {}

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String BOOT_CODE = "bootcode.bin";

  /** What nobody but a Raspberry Pi asks for. */
  private static final Pattern OWN_NAME =
      Pattern.compile(
          "(bootcode|bootsig)\\.bin|(config|cmdline|autoboot|bootcfg)\\.txt|start[^/]*\\.elf"
              + "|fixup[^/]*\\.dat|bcm27[^/]*\\.dtb|overlays/.*|kernel[^/]*\\.img|armstub.*\\.bin"
              + "|vmlinuz|initramfs(-\\d+)?\\.xz|u-boot\\.bin|RPI_EFI\\.fd");

  private static final System.Logger LOG = System.getLogger(PiTree.class.getName());

  private final PiConfig config;
  private final Releases releases;
  private final ReleasePaths paths;
  private final FirmwareSources firmware;
  private final PiNodes nodes;
  private final PiPlanner planner;
  private final PiPlans plans;
  private final PiEvents events;

  public PiTree(PiConfig config, Subjects subjects) {
    this(config, subjects, System::nanoTime);
  }

  PiTree(PiConfig config, Subjects subjects, LongSupplier nanoTime) {
    this.config = config;
    this.releases = subjects.releases();
    this.paths = subjects.paths();
    this.firmware = new FirmwareSources(config, releases);
    this.nodes = new PiNodes(subjects.seen(), subjects.neighbours());
    this.planner = new PiPlanner(subjects, firmware);
    this.plans = new PiPlans(nanoTime);
    this.events = new PiEvents(subjects.boots(), plans);
  }

  /**
   * What keeps boards from booting, for people: firmware that is not there, and files of the heads
   * that some boards cannot load. Nothing where Raspberry Pis are not configured.
   */
  public List<String> problems() {
    if (!config.isOn()) {
      return List.of();
    }
    List<String> problems = new ArrayList<>(firmware.problems());
    for (Channel channel : releases.channels()) {
      if (channel.content() == Content.BOOT) {
        releases
            .head(channel.name())
            .ifPresent(head ->
                warnings(head)
                    .forEach(why -> problems.add("channel " + channel.name() + ": " + why)));
      }
    }
    return problems;
  }

  /** Writes them into the log. */
  public void tell() {
    problems().forEach(why -> LOG.log(Level.WARNING, "raspberry_pi {0}", why));
  }

  /** One line for each file of the release that some boards cannot load over TFTP, for people. */
  public static List<String> warnings(Release release) {
    return PiSizes.warnings(release);
  }

  @Override
  public Optional<NodeFile> find(String path, Asker who) {
    if (FlashedFiles.isOne(path)) {
      return Optional.of(
          new NodeFile.Absent("never served: it would flash a Raspberry Pi, or divert it"));
    }
    PiPath asked = PiPath.of(path);
    if (asked.isBare() && !mayBeOurs(path)) {
      return Optional.empty();
    }
    Optional<PiNode> node =
        nodes
            .who(asked, who.client())
            .or(() -> plans.last(who.client()).filter(last -> nodes.mayBe(last, who.client())));
    return node.isPresent() ? Optional.of(find(node.get(), asked, who)) : forAnybody(path);
  }

  private boolean mayBeOurs(String path) {
    return OWN_NAME.matcher(path).matches()
        || firmware.any().flatMap(files -> files.find(path)).isPresent();
  }

  /** A Raspberry Pi 3 asks for this before it says its serial number. */
  private Optional<NodeFile> forAnybody(String path) {
    return path.equals(BOOT_CODE)
        ? firmware.any().flatMap(files -> files.find(path))
        : Optional.empty();
  }

  private NodeFile find(PiNode node, PiPath asked, Asker who) {
    return switch (answer(node, asked, who)) {
      case PiAnswer.Boots(var plan) -> file(plan, asked, who);
      case PiAnswer.Refused(var _, var why) -> new NodeFile.Absent(why);
      case PiAnswer.NotReady(var _, var channel) -> new NodeFile.NotReady(channel);
    };
  }

  private PiAnswer answer(PiNode node, PiPath asked, Asker who) {
    boolean halfway = plans.hasOfRelease(who.client(), node);
    Optional<PiPlan> current = plans.current(who.client(), node, asked.file());
    Optional<Digest> gone = current.flatMap(this::gone);
    if (current.isPresent() && gone.isEmpty()) {
      return new PiAnswer.Boots(current.get());
    }
    PiAnswer answer =
        current.isPresent() && gone.isPresent() && halfway
            ? refused(current.get(), gone.get())
            : planner.plan(node, who);
    if (answer instanceof PiAnswer.Boots(var plan)) {
      plans.begin(who.client(), plan, asked.file());
    }
    events.answered(node, who, asked.folder(), answer);
    return answer;
  }

  /** A release of the plan that can be served no more. */
  private Optional<Digest> gone(PiPlan plan) {
    return plan.named().values().stream()
        .filter(digest -> !releases.isServable(digest))
        .findFirst();
  }

  /** What it would get of another release would not belong to what it has. */
  private static PiAnswer refused(PiPlan plan, Digest gone) {
    return new PiAnswer.Refused(
        plan.boot().profile(),
        "release %s, which it began with, can be served no more; it has to start again"
            .formatted(gone));
  }

  private NodeFile file(PiPlan plan, PiPath asked, Asker who) {
    paths.told(who.client(), plan.named());
    String name = asked.file();
    NodeFile.OfRelease own = plan.files().get(name);
    if (own != null) {
      return own;
    }
    return switch (name) {
      case "config.txt" -> new NodeFile.Text(plan.configTxt(), TEXT);
      case "cmdline.txt" -> cmdline(plan, who);
      default -> plan.firmware().find(name).orElseGet(() -> new NodeFile.Absent("file not found"));
    };
  }

  private NodeFile cmdline(PiPlan plan, Asker who) {
    if (plan.files().isEmpty()) {
      return new NodeFile.Absent("it boots by way of " + plan.how().way().text());
    }
    return plans
        .cmdline(who.client(), plan.node(), () -> planner.cmdline(plan, who))
        .<NodeFile>map(line -> new NodeFile.Text(line, TEXT))
        .orElseGet(() -> new NodeFile.Absent("its arguments cannot be filled in now"));
  }
}
