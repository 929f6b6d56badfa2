package dev.moonboot.ignition;

/** What came of a Butane config. */
public sealed interface Translation {
  /** It was translated, or it cannot be: the same text will always come to the same. */
  record Made(Normalized normalized) implements Translation {}

  /** It could not be tried, or not to the end: another time it may. */
  record NotNow(String why) implements Translation {}
}
