package dev.moonboot.tftp;

import dev.moonboot.testing.Fuzz;
import org.junit.jupiter.api.Test;

/** What the fuzzer begins with, and what it once found. */
class TftpPacketFuzzTest {
  @Test
  void x_21_tftp_packets() {
    Fuzz.replay(TftpPacketFuzz.class, TftpPacketFuzz.seeds(), TftpPacketFuzz::fuzzerTestOneInput);
  }
}
