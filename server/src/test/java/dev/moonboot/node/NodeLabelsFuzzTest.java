package dev.moonboot.node;

import dev.moonboot.testing.Fuzz;
import org.junit.jupiter.api.Test;

/** What the fuzzer begins with, and what it once found. */
class NodeLabelsFuzzTest {
  @Test
  void x_21_labels() {
    Fuzz.replay(NodeLabelsFuzz.class, NodeLabelsFuzz.seeds(), NodeLabelsFuzz::fuzzerTestOneInput);
  }
}
