package dev.moonboot.profile;

import java.util.List;

/**
 * A group that a node does not match, and what keeps it from matching.
 *
 * @param mismatches at least one, in order of the labels' names
 */
public record NearMiss(Group group, List<Mismatch> mismatches) {
  public NearMiss {
    mismatches = List.copyOf(mismatches);
  }

  /**
   * A label that is not as the group wants it.
   *
   * @param wanted the value; of a list all values, with bars between them
   * @param sent what the node sent; empty when it sent none
   */
  public record Mismatch(String label, String wanted, String sent) {}
}
