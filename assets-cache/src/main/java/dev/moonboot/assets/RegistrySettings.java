package dev.moonboot.assets;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How registries are reached.
 *
 * @param plainHttp registries ({@code host} or {@code host:port}) spoken to by plain HTTP; only
 *     loopback and private addresses are allowed there
 * @param extraCa PEM files with certificate authorities to trust besides those of the JDK
 * @param realmHosts hosts that may receive registry credentials for a token, besides the registry
 *     itself and hosts of its registrable domain
 * @param dockerConfig a docker {@code config.json} with credentials; null for the usual places
 * @param proxy {@code http://[user:password@]host:port} for outgoing connections; null for none
 * @param noProxy hosts, domain suffixes ({@code .example.org}) and CIDR blocks reached directly
 * @param timeouts how long is waited for what
 */
public record RegistrySettings(
    Set<String> plainHttp,
    List<Path> extraCa,
    Set<String> realmHosts,
    @Nullable Path dockerConfig,
    @Nullable URI proxy,
    List<String> noProxy,
    Timeouts timeouts) {

  /**
   * How long is waited for what.
   *
   * @param connect for a TCP connection
   * @param header for the first byte of an answer
   * @param stall for the next byte of a body
   * @param backoff first pause before a retry that follows no progress; doubles, with jitter, up to
   *     a minute
   */
  public record Timeouts(Duration connect, Duration header, Duration stall, Duration backoff) {
    public static final Timeouts DEFAULT =
        new Timeouts(
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofSeconds(30),
            Duration.ofSeconds(1));
  }

  /** TLS everywhere, the JDK's certificate authorities, docker's own credentials, no proxy. */
  public static final RegistrySettings DEFAULT =
      new RegistrySettings(Set.of(), List.of(), Set.of(), null, null, List.of(), Timeouts.DEFAULT);

  public RegistrySettings {
    plainHttp = Set.copyOf(plainHttp);
    extraCa = List.copyOf(extraCa);
    realmHosts = Set.copyOf(realmHosts);
    noProxy = List.copyOf(noProxy);
  }

  /** The same with other patience. */
  public RegistrySettings withTimeouts(Timeouts other) {
    return new RegistrySettings(
        plainHttp, extraCa, realmHosts, dockerConfig, proxy, noProxy, other);
  }
}
