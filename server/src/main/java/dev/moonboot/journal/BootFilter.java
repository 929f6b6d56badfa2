package dev.moonboot.journal;

import dev.moonboot.journal.Boot.Result;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which boots are wanted.
 *
 * @param node a hardware address, UUID, serial number or client address; empty for any
 * @param profile empty for any
 * @param result null for any
 */
public record BootFilter(String node, String profile, @Nullable Result result) {
  /** All of them. */
  public static final BootFilter ALL = new BootFilter("", "", null);

  boolean accepts(Boot boot) {
    return (node.isEmpty() || isNode(boot.node()))
        && (profile.isEmpty() || boot.answer().profile().equals(profile))
        && Optional.ofNullable(result).map(boot.result()::equals).orElse(true);
  }

  private boolean isNode(Boot.Node of) {
    return node.equalsIgnoreCase(of.mac())
        || node.equalsIgnoreCase(of.uuid())
        || node.equalsIgnoreCase(of.serial())
        || node.equalsIgnoreCase(of.client());
  }
}
