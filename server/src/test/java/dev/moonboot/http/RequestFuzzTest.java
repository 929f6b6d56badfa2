package dev.moonboot.http;

import dev.moonboot.testing.Fuzz;
import org.junit.jupiter.api.Test;

/** What the fuzzer begins with, and what it once found. */
class RequestFuzzTest {
  @Test
  void x_21_requests() {
    Fuzz.replay(RequestFuzz.class, RequestFuzz.seeds(), RequestFuzz::fuzzerTestOneInput);
  }
}
