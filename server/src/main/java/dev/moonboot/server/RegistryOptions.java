package dev.moonboot.server;

import dev.moonboot.assets.RegistrySettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How commands that run once reach registries. */
final class RegistryOptions {
  @Option(
      names = "--plain-http",
      paramLabel = "HOST[:PORT]",
      description =
          "Speak plain HTTP with this registry; only loopback and private addresses. Repeatable.")
  private final Set<String> plainHttp = new LinkedHashSet<>();

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "Trust the certificate authorities of this PEM file too. Repeatable.")
  private final List<Path> extraCa = new ArrayList<>();

  @Option(
      names = "--realm-host",
      paramLabel = "HOST",
      description = "This host may receive registry credentials for a token. Repeatable.")
  private final Set<String> realmHosts = new LinkedHashSet<>();

  @Option(
      names = "--docker-config",
      paramLabel = "FILE",
      description = "Credentials (a docker config.json); default: where docker keeps it.")
  private @Nullable Path dockerConfig;

  @Option(
      names = "--proxy",
      paramLabel = "URL",
      description = "Reach registries through this HTTP proxy.")
  private @Nullable URI proxy;

  @Option(
      names = "--no-proxy",
      paramLabel = "HOST",
      description = "Reach this host, .domain or CIDR block without the proxy. Repeatable.")
  private final List<String> noProxy = new ArrayList<>();

  RegistrySettings settings() {
    return new RegistrySettings(
        plainHttp,
        extraCa,
        realmHosts,
        dockerConfig,
        proxy,
        noProxy,
        RegistrySettings.Timeouts.DEFAULT);
  }
}
