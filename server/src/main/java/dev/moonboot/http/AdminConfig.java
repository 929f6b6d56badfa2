package dev.moonboot.http;

import dev.moonboot.config.ConfigReader;
import dev.moonboot.tls.TlsFiles;
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
  /** True when only programs on this machine can reach it. */
  public boolean isLoopback() {
    return bind.getAddress().isLoopbackAddress();
  }

  /** Reads the section {@code admin}, as far as it is about the listener. */
  public static AdminConfig read(ConfigReader in) {
    InetSocketAddress fallback = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 8090);
    InetSocketAddress address =
        in.address(
            "address",
            "where the admin listener is; other than on loopback only with TLS and tokens",
            fallback);
    AdminConfig config =
        new AdminConfig(
            address,
            HttpLimits.DEFAULT,
            TlsFiles.read(in.section("tls"), "the admin listener's certificate").orElse(null));
    if (!config.isLoopback() && config.tls() == null) {
      in.problem(
          "address",
          "the admin listener cannot be bound to "
              + address.getHostString()
              + " without TLS, as tokens could be read on their way: set admin.tls.certificate and"
              + " admin.tls.key, or use a loopback address (127.0.0.1 or ::1) and an SSH tunnel");
    }
    return config;
  }
}
