package dev.moonboot.boot;

/** What a node that asks how to boot is told. */
public sealed interface BootAnswer {
  /** Boot this. */
  record Plan(BootPlan plan) implements BootAnswer {}

  /** Nothing is meant for this node; {@code why} is for the log. */
  record NoMatch(String why) implements BootAnswer {}

  /** Something is meant, but its channel has no release yet: ask again. */
  record NotReady(String profile, String channel) implements BootAnswer {}
}
