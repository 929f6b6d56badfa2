package dev.moonboot.template;

import dev.moonboot.testing.Fuzz;
import org.junit.jupiter.api.Test;

/** What the fuzzer begins with, and what it once found. */
class TemplateFuzzTest {
  @Test
  void i_09_templates() {
    Fuzz.replay(TemplateFuzz.class, TemplateFuzz.seeds(), TemplateFuzz::fuzzerTestOneInput);
  }
}
