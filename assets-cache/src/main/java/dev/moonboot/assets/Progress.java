package dev.moonboot.assets;

/** Told how far a long work has come, often; must return at once and never throw. */
public interface Progress {
  /** Tells nobody. */
  Progress NONE = new Progress() {};

  /**
   * A new step begins: {@code resolve}, {@code pull}, {@code extract} …, with a line for people.
   */
  default void step(String name, String detail) {}

  /**
   * Bytes of the running step.
   *
   * @param done so far
   * @param total expected; −1 when unknown
   */
  default void bytes(long done, long total) {}
}
