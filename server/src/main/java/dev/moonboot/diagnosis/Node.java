package dev.moonboot.diagnosis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A node that is asked about.
 *
 * @param mac in lower case with colons
 * @param labels all that it would tell: mac, arch, uuid, serial
 * @param offers what moonboot would tell it by DHCP; empty where that is off
 * @param offline what files say of it, where the service does not run
 */
public record Node(
    String mac, Map<String, String> labels, List<NodeOffer> offers, Offline offline) {
  /** Reads files only. */
  @FunctionalInterface
  public interface Offline {
    /** Which group and profile answer these labels. */
    List<Finding> explain(Map<String, String> labels);
  }

  public Node {
    labels = new LinkedHashMap<>(labels);
    offers = List.copyOf(offers);
  }
}
