package dev.moonboot.boot;

import dev.moonboot.node.NodeLabels;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.Group;
import dev.moonboot.profile.UnknownNodes;
import dev.moonboot.release.Pin;
import dev.moonboot.release.ProfileChannel;
import dev.moonboot.release.Releases;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts together why a node is answered as it is. */
final class Explaining {
  /** How many other groups are told of, of each kind. */
  private static final int MOST = 5;

  private final BootPlanner planner;
  private final Catalog catalog;
  private final Releases releases;
  private final UnknownNodes unknownNodes;

  Explaining(BootPlanner planner, Catalog catalog, Releases releases, UnknownNodes unknownNodes) {
    this.planner = planner;
    this.catalog = catalog;
    this.releases = releases;
    this.unknownNodes = unknownNodes;
  }

  Explanation explain(NodeLabels labels, BootAnswer answer) {
    Group group = catalog.select(labels).found().orElse(null);
    boolean known = UnknownNodes.isKnown(group);
    Optional<String> profile = profile(group, known, answer);
    Optional<ProfileChannel> channel = profile.map(planner::channel);
    return new Explanation(
        labels,
        group,
        catalog.matching(labels, MOST + 1).stream().skip(1).toList(),
        catalog.nearest(labels, MOST),
        known,
        known ? "" : policy(),
        profile.orElse(null),
        channel
            .map(of -> of instanceof ProfileChannel.Follows(var _, var name) ? name : null)
            .orElse(null),
        profile.map(this::pin).orElse(null),
        answer,
        scripts(answer));
  }

  /** The profile that answers, as the answer says; else the one that was meant to. */
  private Optional<String> profile(@Nullable Group group, boolean known, BootAnswer answer) {
    return switch (answer) {
      case BootAnswer.Plan(var plan) -> Optional.of(plan.profile());
      case BootAnswer.NotReady(var profile, var _) -> Optional.of(profile);
      case BootAnswer.NoMatch _ -> {
        boolean byGroup = known || unknownNodes.boot() == UnknownNodes.Boot.DEFAULT;
        yield byGroup
            ? Optional.ofNullable(group).map(Group::profile).filter(name -> !name.isEmpty())
            : Optional.ofNullable(unknownNodes.quarantine());
      }
    };
  }

  private @Nullable Pin pin(String profile) {
    return releases.decisions().pin(profile).orElse(null);
  }

  private String policy() {
    return switch (unknownNodes.boot()) {
      case DEFAULT -> "";
      case QUARANTINE -> "unknown nodes boot the profile " + unknownNodes.quarantine();
      case NOTHING -> "unknown nodes boot nothing";
    };
  }

  private static Map<String, String> scripts(BootAnswer answer) {
    return answer instanceof BootAnswer.Plan(var plan)
        ? Map.of("/ipxe", IpxeScript.render(plan), "/grub", GrubScript.render(plan))
        : Map.of();
  }
}
