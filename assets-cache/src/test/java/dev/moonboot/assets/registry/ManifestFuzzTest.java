package dev.moonboot.assets.registry;

import dev.moonboot.testing.Fuzz;
import org.junit.jupiter.api.Test;

/** What the fuzzer begins with, and what it once found. */
class ManifestFuzzTest {
  @Test
  void x_21_manifests_and_configurations() {
    Fuzz.replay(ManifestFuzz.class, ManifestFuzz.seeds(), ManifestFuzz::fuzzerTestOneInput);
  }
}
