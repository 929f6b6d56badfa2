package dev.moonboot.dhcp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.testing.Fuzz;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the fuzzer begins with, what it once found, and a million packets that anybody can send. */
class DhcpPacketFuzzTest {
  private static final int MOST_MICROS = 50;

  @Test
  void x_21_dhcp_packets() {
    Fuzz.replay(DhcpPacketFuzz.class, DhcpPacketFuzz.seeds(), DhcpPacketFuzz::fuzzerTestOneInput);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void d_03_a_third_of_a_million_packets_cost_little_and_break_nothing(long seed) {
    int packets = 333_334;
    Random random = new Random(seed);
    List<byte[]> seeds = DhcpPacketFuzz.seeds();
    long begin = cpu();
    for (int i = 0; i < packets; i++) {
      DhcpPacketFuzz.read(
          i % 4 == 0 ? noise(random) : spoiled(seeds.get(i % seeds.size()), random));
    }
    double micros = (cpu() - begin) / 1000.0 / packets;
    System.out.printf("d_03 seed=%d packets=%d cpu_per_packet=%.1f us%n", seed, packets, micros);
    assertTrue(micros < MOST_MICROS, micros + " us of CPU for a packet");
  }

  /** Random bytes behind a header that is good enough to be looked at, or not. */
  private static byte[] noise(Random random) {
    byte[] packet = new byte[random.nextInt(260, 700)];
    random.nextBytes(packet);
    if (random.nextBoolean()) {
      byte[] seed = DhcpPacketFuzz.seeds().getFirst();
      System.arraycopy(seed, 0, packet, 0, 243);
    }
    return packet;
  }

  private static byte[] spoiled(byte[] seed, Random random) {
    byte[] packet = Arrays.copyOf(seed, seed.length - random.nextInt(56));
    for (int i = random.nextInt(4); i > 0; i--) {
      packet[random.nextInt(packet.length)] = (byte) random.nextInt();
      packet[random.nextInt(240, packet.length)] = (byte) random.nextInt();
    }
    return packet;
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
