package dev.moonboot.tftp;

import dev.moonboot.metrics.Meters;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Serves boot files over TFTP, read-only, until closed.
 *
 * <p>All packets and timers are handled by one event loop; disks are waited for elsewhere.
 */
public final class TftpListener implements AutoCloseable {
  private final InetSocketAddress address;

  private TftpListener(InetSocketAddress address) {
    this.address = address;
  }

  /**
   * Starts serving.
   *
   * @throws TftpException when the address cannot be bound
   */
  public static TftpListener open(TftpConfig config, AssetPaths assets, Meters meters) {
    return new TftpListener(config.listen()); // packets follow with the next changes
  }

  /** Where it listens, with the port it got. */
  public InetSocketAddress address() {
    return address;
  }

  /** Whether packets are still taken in; for health checks. */
  public boolean isOpen() {
    return false;
  }

  /**
   * Takes no new requests from now on, lets running transfers finish for at most {@code drain}, and
   * frees everything.
   */
  public void close(Duration drain) {}

  /** Ends at once, running transfers too. */
  @Override
  public void close() {
    close(Duration.ZERO);
  }
}
