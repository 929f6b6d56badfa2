package dev.moonboot.assets.registry;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.RegistrySettings;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class TransportTest {
  /** Every look at a channel has a client of its own. */
  @Test
  void m_01_a_client_that_was_closed_takes_no_memory_for_ever() {
    WeakReference<Transport> closed = closed();
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (closed.get() != null) {
      assertTrue(System.nanoTime() < end, "still there");
      System.gc();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private static WeakReference<Transport> closed() {
    Transport transport = new Transport(Network.SYSTEM, RegistrySettings.DEFAULT);
    transport.close();
    return new WeakReference<>(transport);
  }
}
