package dev.moonboot.server;

import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Kind;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Reads how registries are reached; the other module, whose settings these are, reads no files. */
final class RegistryConfig {
  /** The user part may hold a password, so it is never written. */
  private static final Kind<URI> PROXY =
      new Kind<>(
          "a URL such as http://proxy.example:3128",
          Kind.URL.parser(),
          uri -> uri.toString().replaceFirst("//[^/@]*@", "//***@"));

  private RegistryConfig() {}

  /** Reads the section {@code registry}. */
  static RegistrySettings read(ConfigReader in) {
    ConfigReader proxy = in.section("proxy");
    return new RegistrySettings(
        Set.copyOf(
            in.strings(
                "plain-http",
                "registries (host or host:port) spoken to by plain HTTP; loopback and private"
                    + " addresses only",
                List.of())),
        in
            .values(
                "ca",
                "PEM files of certificate authorities trusted besides Java's",
                List.<Path>of(),
                Kind.PATH)
            .stream()
            .map(in::resolve)
            .toList(),
        Set.copyOf(
            in.strings(
                "realm-hosts",
                "hosts that may receive registry credentials for a token, besides the registry",
                List.of())),
        in.optionalPath(
                "docker-config",
                "credentials, as a docker config.json; without it where docker keeps its own")
            .orElse(null),
        proxy.optional("url", "the HTTP proxy to reach registries through", PROXY).orElse(null),
        proxy.strings(
            "no-proxy", "hosts, .domains and CIDR blocks reached without the proxy", List.of()),
        RegistrySettings.Timeouts.DEFAULT);
  }
}
