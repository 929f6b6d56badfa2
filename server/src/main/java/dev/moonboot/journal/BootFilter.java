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

  /** Whether that boot is wanted. */
  public boolean accepts(Boot boot) {
    return accepts(boot.node(), boot.answer().profile(), boot.result());
  }

  boolean accepts(Track track) {
    return accepts(track.node(), track.answer().profile(), track.result());
  }

  private boolean accepts(Boot.Node of, String by, Result now) {
    return (node.isEmpty() || isNode(of))
        && (profile.isEmpty() || by.equals(profile))
        && Optional.ofNullable(result).map(now::equals).orElse(true);
  }

  private boolean isNode(Boot.Node of) {
    return node.equalsIgnoreCase(of.mac())
        || node.equalsIgnoreCase(of.uuid())
        || node.equalsIgnoreCase(of.serial())
        || node.equalsIgnoreCase(of.client());
  }
}
