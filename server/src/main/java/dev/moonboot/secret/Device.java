package dev.moonboot.secret;

import dev.moonboot.node.NodeLabels;
import java.util.Locale;

/**
 * A node that asks to be approved, and what it would be given.
 *
 * @param client its address, as the connection shows it
 * @param labels as it says
 * @param file its machine config, below {@code /assets/}
 */
public record Device(String client, NodeLabels labels, String profile, String file) {
  /** The hardware address, as it says; empty when it does not. */
  public String mac() {
    return labels.mac().orElse("").toLowerCase(Locale.ROOT);
  }

  /** The UUID, as it says; empty when it does not. */
  public String uuid() {
    return labels.value("uuid");
  }

  /** The serial number, as it says; empty when it does not. */
  public String serial() {
    return labels.value("serial");
  }

  /** Whether {@code others} name another hardware address or UUID. */
  boolean isDeniedBy(NodeLabels others) {
    return differ(mac(), others.mac().orElse("")) || differ(uuid(), others.value("uuid"));
  }

  private static boolean differ(String mine, String other) {
    return !mine.isEmpty() && !other.isEmpty() && !mine.equalsIgnoreCase(other);
  }
}
