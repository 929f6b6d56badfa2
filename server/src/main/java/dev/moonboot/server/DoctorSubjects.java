package dev.moonboot.server;

import dev.moonboot.assets.Arch;
import dev.moonboot.boot.BootAnswer;
import dev.moonboot.boot.BootPlanner;
import dev.moonboot.boot.Explanation;
import dev.moonboot.dhcp.DhcpConfig;
import dev.moonboot.dhcp.DhcpException;
import dev.moonboot.dhcp.Link;
import dev.moonboot.dhcp.OfferBuilder;
import dev.moonboot.dhcp.Probe;
import dev.moonboot.diagnosis.Configured;
import dev.moonboot.diagnosis.Finding;
import dev.moonboot.diagnosis.Loader;
import dev.moonboot.diagnosis.Node;
import dev.moonboot.diagnosis.NodeOffer;
import dev.moonboot.diagnosis.OfferProbe;
import dev.moonboot.diagnosis.Offered;
import dev.moonboot.diagnosis.OwnAddress;
import dev.moonboot.firmware.BaseUrls;
import dev.moonboot.firmware.FirstFiles;
import dev.moonboot.firmware.KnownNodes;
import dev.moonboot.firmware.Loaders;
import dev.moonboot.firmware.Platform;
import dev.moonboot.http.AdminConfig;
import dev.moonboot.node.MacAddress;
import dev.moonboot.node.Neighbours;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.node.Sightings;
import dev.moonboot.profile.CatalogWatcher;
import dev.moonboot.profile.FirstFile;
import dev.moonboot.release.Releases;
import dev.moonboot.tftp.TftpConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The configuration and the parts of the appliance, as the doctor looks at them. */
record DoctorSubjects(ApplianceConfig config) {
  private static final int ETHERNET = 1500;

  Configured service() {
    AdminConfig admin = config.admin();
    TftpConfig tftp = config.tftp();
    DhcpConfig dhcp = config.dhcp();
    return new Configured(
        config.http().bind(),
        config.http().tls() != null,
        config.advertise(),
        admin == null ? null : admin.bind(),
        admin != null && admin.tls() != null,
        tftp == null ? null : tftp.listen(),
        dhcp == null ? List.of() : dhcp.interfaces(),
        dhcp != null && dhcp.broadcast(),
        dhcp != null && dhcp.unknown(),
        config.raspberryPi().isOn(),
        List.of(config.cache(), config.state()));
  }

  /**
   * Boot programs as far as files tell; the running service is asked for each besides, and knows
   * what a channel holds.
   */
  List<Loader> loaders() {
    Map<Platform, String> missing =
        config.loaders().channel() != null
            ? Map.of()
            : new Loaders(config.loaders(), new Releases(List.of(), null), _ -> false)
                .missing().stream()
                    .collect(Collectors.toMap(Loaders.Missing::platform, Loaders.Missing::why));
    return Arrays.stream(Platform.values())
        .map(platform ->
            new Loader(platform.title(), platform.program(), missing.getOrDefault(platform, "")))
        .toList();
  }

  /** Asks as firmware does. */
  static OfferProbe probe(MacAddress mac, Duration time) {
    return (link, as) -> {
      try {
        return new OfferProbe.Outcome.Offers(
            new Probe(link, mac).ask(as(as), time).stream().map(DoctorSubjects::offered).toList());
      } catch (DhcpException e) {
        return new OfferProbe.Outcome.Unusable(String.valueOf(e.getMessage()));
      }
    };
  }

  private static Probe.As as(OfferProbe.As as) {
    return switch (as) {
      case BIOS -> Probe.As.BIOS_PXE;
      case UEFI_AMD64 -> Probe.As.UEFI_PXE_AMD64;
      case UEFI_ARM64 -> Probe.As.UEFI_PXE_ARM64;
      case HTTP_AMD64 -> Probe.As.UEFI_HTTP_AMD64;
    };
  }

  private static Offered offered(Probe.Found found) {
    return new Offered(
        found.server().isEmpty() ? found.from() : found.server(),
        found.yours(),
        found.next(),
        found.file(),
        found.vendor());
  }

  Node node(MacAddress mac, Arch arch, Map<String, String> labels) {
    return new Node(mac.text(), labels, offers(mac, arch, labels), this::explain);
  }

  private List<NodeOffer> offers(MacAddress mac, Arch arch, Map<String, String> labels) {
    DhcpConfig dhcp = config.dhcp();
    if (dhcp == null) {
      return List.of();
    }
    return switch (OwnAddress.of(dhcp.interfaces().getFirst())) {
      case OwnAddress.None _ -> List.of();
      case OwnAddress.Found(var here, var _) ->
          planned(planner -> {
            var nodes = new KnownNodes(new Sightings(), new Neighbours());
            var files = new FirstFiles(urls(), nodes, told -> first(planner, told, labels));
            return new NodeOffers(new OfferBuilder(files), dhcp, new Link(here, ETHERNET))
                .of(mac, arch);
          });
    };
  }

  /** What the node's profile has it load first, by all that was said of it. */
  private static FirstFile first(BootPlanner planner, NodeLabels told, Map<String, String> labels) {
    Map<String, String> all = new LinkedHashMap<>(told.all());
    all.putAll(labels);
    return planner
        .profile(NodeLabels.verbatim(all))
        .map(profile -> profile.extensions().first())
        .orElse(FirstFile.IPXE);
  }

  private BaseUrls urls() {
    return new BaseUrls(
        config.advertise(),
        config.http().tls() == null ? "http" : "https",
        config.http().bind().getPort());
  }

  /** What groups and profiles say; which release a channel has only the service knows. */
  private List<Finding> explain(Map<String, String> labels) {
    return planned(planner -> told(planner.explain(NodeLabels.verbatim(labels))));
  }

  /** Reads groups and profiles as the service does. */
  private <T> T planned(Function<BootPlanner, T> work) {
    return Logs.silently(() -> {
      try (var catalog = new CatalogWatcher(config.data())) {
        var releases =
            new Releases(config.channels().channels(), config.channels().defaultChannel());
        return work.apply(
            new BootPlanner(catalog::current, releases, config.advertise(), config.unknownNodes()));
      }
    });
  }

  private static List<Finding> told(Explanation why) {
    List<Finding> told = new ArrayList<>();
    Optional.ofNullable(why.group()).ifPresent(group -> told.add(ok("group", group.file())));
    Optional.ofNullable(why.profile()).ifPresent(profile -> told.add(ok("profile", profile)));
    Optional.ofNullable(why.channel()).ifPresent(channel -> told.add(ok("channel", channel)));
    switch (why.answer()) {
      case BootAnswer.Plan(var plan) -> told.add(ok("kernel", plan.kernel()));
      case BootAnswer.NotReady(var profile, var channel) ->
          told.add(
              new Finding(
                  Finding.Verdict.WARN,
                  "release",
                  "profile " + profile + " boots what channel " + channel + " has",
                  "only the running service knows what that is"));
      case BootAnswer.NoMatch none ->
          told.add(
              new Finding(
                  Finding.Verdict.FAIL,
                  "script /ipxe",
                  "404: " + none.whole(),
                  "add a group that selects it, or one for all nodes"));
    }
    return told;
  }

  private static Finding ok(String what, String found) {
    return new Finding(Finding.Verdict.OK, what, found, "");
  }
}
