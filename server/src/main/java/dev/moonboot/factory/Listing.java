package dev.moonboot.factory;

import dev.moonboot.json.Json;

/** Reads what there is officially for a Talos version. */
@FunctionalInterface
public interface Listing {
  /** What is listed. */
  enum Kind {
    EXTENSIONS,
    OVERLAYS
  }

  /**
   * The list, as Image Factory answers it; may take long.
   *
   * @throws RuntimeException when it cannot be had; the message says why
   */
  Json.Arr read(Kind kind, String version);
}
