package dev.moonboot.secret;

import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Kind;
import dev.moonboot.node.NetRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is secret, and who may read it.
 *
 * @param paths patterns of static files, below {@code /assets/}
 * @param usual the policy for profiles that have none of their own
 * @param profiles by their name
 */
public record SecretConfig(
    List<String> paths, AccessPolicy usual, Map<String, AccessPolicy> profiles) {
  private static final Kind<NetRange> NET_RANGE =
      new Kind<>("an address range such as 10.0.0.0/8", NetRange::parse, NetRange::toString);

  /** What is safe. */
  public static final SecretConfig DEFAULT =
      new SecretConfig(List.of("machine/**"), new AccessPolicy(Access.TICKET, List.of()), Map.of());

  public SecretConfig {
    paths = List.copyOf(paths);
    profiles = Map.copyOf(profiles);
  }

  /** Reads the section {@code machine-configs}. */
  public static SecretConfig read(ConfigReader in) {
    List<String> paths =
        in.values(
            "paths",
            "which static files are secret, besides those that profiles name as machine_config:"
                + " paths below /assets/, * for a part of a name, ** for folders too",
            DEFAULT.paths(),
            Kind.TEXT);
    AccessPolicy usual = policy(in, DEFAULT.usual());
    Map<String, AccessPolicy> profiles = new LinkedHashMap<>();
    in.sections("profiles", "<profile>")
        .forEach((name, section) -> profiles.put(name, policy(section, usual)));
    return new SecretConfig(paths, usual, profiles);
  }

  private static AccessPolicy policy(ConfigReader in, AccessPolicy usual) {
    Access access =
        in.value(
            "access",
            "who may read machine configs: open to everybody, subnet for who asks from one of the"
                + " subnets, ticket for the node that was given the script, approval for the node"
                + " whose request somebody has approved",
            usual.access(),
            Access.KIND,
            List.of());
    List<NetRange> subnets =
        in.values(
            "subnets",
            "the address ranges that the access subnet means",
            usual.subnets(),
            NET_RANGE);
    if (access == Access.SUBNET && subnets.isEmpty()) {
      in.problem("subnets", "must be set where access is subnet, or nobody could read anything");
    }
    return new AccessPolicy(access, subnets);
  }

  boolean asksForApproval() {
    return usual.access() == Access.APPROVAL
        || profiles.values().stream().anyMatch(policy -> policy.access() == Access.APPROVAL);
  }

  AccessPolicy of(String profile) {
    return profiles.getOrDefault(profile, usual);
  }

  /** What whoever runs this should know, one sentence each. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (usual.access() == Access.OPEN) {
      warnings.add(
          "machine configs are open: whoever reaches the boot listener reads the keys of the"
              + " cluster; set machine-configs.access to ticket");
    }
    profiles.forEach((name, policy) -> {
      if (policy.access() == Access.OPEN) {
        warnings.add(
            "machine configs of profile %s are open: whoever reaches the boot listener reads the"
                    .formatted(name)
                + " keys of the cluster; set machine-configs.profiles.%s.access to ticket"
                    .formatted(name));
      }
    });
    return warnings;
  }
}
