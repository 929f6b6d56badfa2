package dev.moonboot.assets.cache;

/** Stands where a method is declared for its callers and not written yet. */
final class NotBuilt {
  private NotBuilt() {}

  @SuppressWarnings({"DoNotCallSuggester", "TypeParameterUnusedInFormals"}) // goes with its callers
  static <T> T yet() {
    throw new UnsupportedOperationException("not built yet");
  }
}
