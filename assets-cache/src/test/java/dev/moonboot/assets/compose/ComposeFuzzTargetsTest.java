package dev.moonboot.assets.compose;

import dev.moonboot.testing.Fuzz;
import org.junit.jupiter.api.Test;

/** What the fuzzer begins with, and what it once found. */
class ComposeFuzzTargetsTest {
  @Test
  void x_21_bases_of_compositions() {
    Fuzz.replay(ComposeFuzz.class, ComposeFuzz.seeds(), ComposeFuzz::fuzzerTestOneInput);
  }
}
