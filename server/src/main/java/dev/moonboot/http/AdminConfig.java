package dev.moonboot.http;

import dev.moonboot.config.ConfigReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The admin listener: for people and monitoring.
 *
 * @param bind where it listens; port 0 takes a free one
 * @param tls null for none, which only loopback addresses may do without
 */
public record AdminConfig(InetSocketAddress bind, HttpLimits limits, @Nullable TlsFiles tls) {
  /** Reads the section {@code admin}, as far as it is about the listener. */
  public static AdminConfig read(ConfigReader in) {
    InetSocketAddress fallback = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 8090);
    InetSocketAddress address =
        in.address("address", "where the admin listener is; loopback only", fallback);
    if (!address.getAddress().isLoopbackAddress()) {
      in.problem(
          "address",
          "the admin listener cannot be bound to "
              + address.getHostString()
              + ": it asks nobody for a password, so only a loopback address will do (127.0.0.1 or"
              + " ::1); to reach it from elsewhere use an SSH tunnel");
    }
    return new AdminConfig(address, HttpLimits.DEFAULT, null);
  }
}
