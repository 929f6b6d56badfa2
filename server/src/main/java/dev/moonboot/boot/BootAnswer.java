package dev.moonboot.boot;

/** What a node that asks how to boot is told. */
public sealed interface BootAnswer {
  /** Boot this. */
  record Plan(BootPlan plan) implements BootAnswer {}

  /**
   * Nothing is meant for this node.
   *
   * @param why names groups, profiles and places in them, and tells nothing of values
   * @param detail for the log and people only: more of why; may be empty
   */
  record NoMatch(String why, String detail) implements BootAnswer {
    public NoMatch(String why) {
      this(why, "");
    }

    /** Both. */
    public String whole() {
      return detail.isEmpty() ? why : why + " (" + detail + ")";
    }
  }

  /** Something is meant, but its channel has no release yet: ask again. */
  record NotReady(String profile, String channel) implements BootAnswer {}
}
