package dev.moonboot.firmware;

import dev.moonboot.assets.Arch;
import dev.moonboot.node.MacAddress;
import dev.moonboot.node.Neighbours;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.node.Sighting;
import dev.moonboot.node.Sightings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which node it is that asks without saying so, and what is known of it. */
public final class KnownNodes {
  private final Sightings sightings;
  private final Neighbours neighbours;

  public KnownNodes(Sightings sightings, Neighbours neighbours) {
    this.sightings = sightings;
    this.neighbours = neighbours;
  }

  /**
   * The node at that address: as the kernel knows its neighbours, else as it was seen last. A node
   * that was seen to ask DHCP for an address need not have got it, when another has it already.
   */
  public Optional<MacAddress> at(String client) {
    return neighbours.at(client).or(() -> sightings.byAddress(client).map(Sighting::mac));
  }

  /** What was seen of the node. */
  Optional<Sighting> seen(MacAddress mac) {
    return sightings.byMac(mac);
  }

  /** The node that was seen with that UUID, or with that UUID in the other order of its bytes. */
  Optional<MacAddress> withUuid(String uuid) {
    return sightings
        .byUuid(uuid)
        .or(() -> sightings.byUuid(MenuName.turned(uuid)))
        .map(Sighting::mac);
  }

  /** The architecture that the node was seen with. */
  public Optional<Arch> arch(MacAddress mac) {
    return seen(mac).flatMap(sighting -> Arch.parse(sighting.arch()));
  }

  /**
   * By what it asks for, it is that node that asks from that address. That is believed unless the
   * kernel knows another one there.
   */
  void note(MacAddress mac, String client, @Nullable Arch arch) {
    if (neighbours.at(client).filter(there -> !there.equals(mac)).isPresent()) {
      return;
    }
    sightings.note(new Sightings.Seen(mac, client, "", "", "", arch == null ? "" : arch.id(), ""));
  }

  /** The labels that are known of a node, as it would send them itself. */
  public NodeLabels labels(MacAddress mac) {
    return labels(mac, arch(mac).orElse(null), NodeLabels.NONE);
  }

  /**
   * The labels that are known of a node, as it would send them itself.
   *
   * @param arch null where it is not known
   * @param said what it says now; counts more than what was seen before
   */
  public NodeLabels labels(MacAddress mac, @Nullable Arch arch, NodeLabels said) {
    Map<String, String> labels = new LinkedHashMap<>();
    seen(mac)
        .ifPresent(sighting -> {
          put(labels, "uuid", sighting.uuid());
          put(labels, "serial", sighting.serial());
          put(labels, "product", sighting.product());
        });
    labels.putAll(said.all());
    labels.put("mac", mac.text());
    if (arch != null) {
      labels.put("arch", buildArch(arch));
    }
    return NodeLabels.verbatim(labels);
  }

  /** As iPXE says it in {@code ${buildarch}}: what selectors are written for. */
  static String buildArch(Arch arch) {
    return switch (arch) {
      case AMD64 -> "x86_64";
      case ARM64 -> "arm64";
    };
  }

  private static void put(Map<String, String> labels, String key, String value) {
    if (!value.isEmpty()) {
      labels.put(key, value);
    }
  }
}
