package dev.moonboot.firmware;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Release;
import dev.moonboot.boot.BootAnswer;
import dev.moonboot.boot.BootPlan;
import dev.moonboot.boot.BootPlanner;
import dev.moonboot.boot.KernelArgs;
import dev.moonboot.node.MacAddress;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.FirstFile;
import dev.moonboot.profile.Profile;
import dev.moonboot.release.Releases;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** For people: what a node's firmware is told to load first, and what of that cannot work. */
public final class FirstSteps {
  /**
   * What one kind of firmware is told.
   *
   * @param firmware for people: {@code UEFI arm64}
   * @param tftp the path that it is told to load by TFTP
   * @param http the URL that it is told to load by HTTP; empty for firmware that cannot
   * @param notes what keeps it from working, or is otherwise than somebody may think
   */
  public record Step(String firmware, String tftp, String http, List<String> notes) {
    public Step {
      notes = List.copyOf(notes);
    }
  }

  private final BootPlanner planner;
  private final Loaders loaders;
  private final Releases releases;
  private final UkiGuard guard;
  private final String base;

  /**
   * @param advertised the URLs under which nodes reach us
   */
  public FirstSteps(
      BootPlanner planner,
      Supplier<Catalog> catalog,
      Loaders loaders,
      Releases releases,
      List<String> advertised) {
    this.planner = planner;
    this.loaders = loaders;
    this.releases = releases;
    this.guard = new UkiGuard(catalog, releases);
    this.base =
        advertised.isEmpty()
            ? "http://<this server>"
            : advertised.getFirst().replaceFirst("/+$", "");
  }

  /**
   * What the node with these labels is told, by the kind of its firmware; none for a node without a
   * hardware address. Changes nothing.
   *
   * @param labels with an architecture only firmware of that is told of
   */
  public List<Step> of(NodeLabels labels) {
    Optional<MacAddress> mac = labels.mac().flatMap(MacAddress::parse);
    if (mac.isEmpty()) {
      return List.of();
    }
    Optional<Arch> arch = Arch.parse(labels.value("arch"));
    return Arrays.stream(Platform.values())
        .filter(platform -> arch.isEmpty() || arch.get() == platform.arch())
        .map(platform -> step(platform, mac.get(), with(labels, platform)))
        .toList();
  }

  private static NodeLabels with(NodeLabels labels, Platform platform) {
    Map<String, String> all = new LinkedHashMap<>(labels.all());
    all.putIfAbsent("arch", KnownNodes.buildArch(platform.arch()));
    return NodeLabels.verbatim(all);
  }

  private Step step(Platform platform, MacAddress mac, NodeLabels labels) {
    boolean uki = FirstFiles.isUki(platform, first(labels));
    String path = FirstFiles.path(platform, mac, first(labels));
    return new Step(
        platform.title(),
        path,
        platform == Platform.BIOS ? "" : base + "/" + path,
        uki ? notes(labels, platform.arch()) : missing(platform));
  }

  private FirstFile first(NodeLabels labels) {
    return planner
        .profile(labels)
        .map(Profile::extensions)
        .map(extensions -> extensions.first())
        .orElse(FirstFile.IPXE);
  }

  private List<String> missing(Platform platform) {
    return loaders.missing().stream()
        .filter(missing -> missing.platform() == platform)
        .map(Loaders.Missing::why)
        .toList();
  }

  private List<String> notes(NodeLabels labels, Arch arch) {
    if (!(planner.plan(labels) instanceof BootAnswer.Plan(var plan))) {
      return List.of(); // the answer says why
    }
    Release release = plan.release();
    if (release == null) {
      return List.of("the profile names no file of a channel, and so no unified kernel image");
    }
    List<String> notes = new ArrayList<>();
    if (release.asset(arch, AssetName.UKI).isEmpty()) {
      notes.add("the release has no unified kernel image for " + arch.id());
    }
    guard.refusal(plan.profile(), release, arch).ifPresent(notes::add);
    List<String> lost = lost(plan, release, arch);
    if (!lost.isEmpty()) {
      notes.add(
          "firmware gives a unified kernel image no arguments, so these do not count: "
              + String.join(" ", lost));
    }
    return notes;
  }

  /** The profile's arguments that the image's own command line does not have. */
  private List<String> lost(BootPlan plan, Release release, Arch arch) {
    List<String> lost = new ArrayList<>(plan.args());
    lost.removeAll(KernelArgs.split(releases.cmdline(release.digest(), arch).orElse("")));
    return lost;
  }
}
