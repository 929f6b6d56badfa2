package dev.moonboot.ignition;

/** What a text is as an Ignition config. */
public sealed interface Normalized {
  /** A config of spec 3.4.0, compact JSON as Go writes it. */
  record Config(String json) implements Normalized {}

  /** It cannot be used. */
  record Unusable(String why) implements Normalized {}
}
