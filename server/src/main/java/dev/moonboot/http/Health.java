package dev.moonboot.http;

import java.util.List;

/** How the appliance is, asked at each probe; must answer at once and never throw. */
public interface Health {
  /**
   * One part's state.
   *
   * @param detail for people; never shown to nodes
   */
  record Check(String part, boolean ok, String detail) {}

  /** Parts that must be running. */
  List<Check> live();

  /** What must be there before nodes can boot. */
  List<Check> ready();

  /** True when every one of {@code checks} is well. */
  static boolean isWell(List<Check> checks) {
    return checks.stream().allMatch(Check::ok);
  }
}
