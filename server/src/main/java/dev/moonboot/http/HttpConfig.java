package dev.moonboot.http;

import dev.moonboot.config.Check;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.tls.TlsFiles;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The boot listener: open to every node, plain HTTP unless there is a certificate.
 *
 * @param bind where it listens; port 0 takes a free one
 * @param staticFiles the folder whose files stand below {@code /assets/} besides the releases; null
 *     for none
 * @param tls null for plain HTTP; with a certificate nothing but TLS is spoken
 */
public record HttpConfig(
    InetSocketAddress bind, @Nullable Path staticFiles, HttpLimits limits, @Nullable TlsFiles tls) {
  /** Plain HTTP. */
  public HttpConfig(InetSocketAddress bind, @Nullable Path staticFiles, HttpLimits limits) {
    this(bind, staticFiles, limits, null);
  }

  /** How the URLs begin under which nodes reach it. */
  String scheme() {
    return tls == null ? "http://" : "https://";
  }

  /**
   * Reads the section {@code http}; the static files are configured elsewhere.
   *
   * @param readableKey whether the certificate's key may be one that anybody may read
   */
  public static HttpConfig read(ConfigReader in, @Nullable Path staticFiles, boolean readableKey) {
    InetSocketAddress address =
        in.address("address", "where nodes reach the boot listener", new InetSocketAddress(8080));
    TlsFiles tls =
        TlsFiles.read(
                in.section("tls"),
                "the boot listener's certificate, with which it speaks nothing but TLS",
                readableKey)
            .orElse(null);
    HttpLimits limits = HttpLimits.DEFAULT;
    return new HttpConfig(
        address,
        staticFiles,
        new HttpLimits(
            limits.firstByte(),
            limits.head(),
            limits.idle(),
            in.duration(
                "stall",
                "how long an answer may make no progress before its connection is closed",
                limits.stall(),
                Check.atLeast(Duration.ofSeconds(1))),
            limits.ratePeriod(),
            limits.bytesPerSecond(),
            in.integer(
                "connections", "connections open at once", limits.connections(), Check.atLeast(1)),
            in.integer(
                "connections-per-address",
                "connections open at once from one address; more where nodes stand behind NAT",
                limits.connectionsPerAddress(),
                Check.atLeast(1)),
            limits.requestsPerConnection(),
            in.integer(
                "transfers",
                "boot files sent at once; who comes then is told to come back",
                limits.transfers(),
                Check.atLeast(1)),
            limits.mappingIdle()),
        tls);
  }
}
