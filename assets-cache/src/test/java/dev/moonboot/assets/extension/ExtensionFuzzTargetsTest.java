package dev.moonboot.assets.extension;

import dev.moonboot.testing.Fuzz;
import org.junit.jupiter.api.Test;

/** What the fuzzer begins with, and what it once found. */
class ExtensionFuzzTargetsTest {
  @Test
  void x_21_manifests_services_and_catalogs() {
    Fuzz.replay(ExtensionFuzz.class, ExtensionFuzz.seeds(), ExtensionFuzz::fuzzerTestOneInput);
  }

  @Test
  void x_21_version_ranges() {
    Fuzz.replay(
        VersionRangeFuzz.class, VersionRangeFuzz.seeds(), VersionRangeFuzz::fuzzerTestOneInput);
  }
}
