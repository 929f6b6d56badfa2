package dev.moonboot.server;

import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Configuration;
import dev.moonboot.config.Kind;
import dev.moonboot.config.SecretFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
        credentials(in).orElse(null),
        proxy.optional("url", "the HTTP proxy to reach registries through", PROXY).orElse(null),
        proxy.strings(
            "no-proxy", "hosts, .domains and CIDR blocks reached without the proxy", List.of()),
        RegistrySettings.Timeouts.DEFAULT);
  }

  /** What people should be told of a configuration that is good all the same. */
  static Optional<String> caution(Configuration<ApplianceConfig> read) {
    URI proxy = read.value().registry().proxy();
    boolean inFile =
        read.settings().stream()
            .anyMatch(setting ->
                setting.key().equals("registry.proxy.url")
                    && !setting.origin().startsWith("variable "));
    return inFile && proxy != null && proxy.getUserInfo() != null
        ? Optional.of(
            "registry.proxy.url holds a password in a file that everybody may read; set"
                + " MOONBOOT_REGISTRY_PROXY_URL in a file that only root can read instead")
        : Optional.empty();
  }

  private static Optional<Path> credentials(ConfigReader in) {
    Optional<Path> file =
        in.optionalPath(
            "docker-config",
            "credentials, as a docker config.json; without it where docker keeps its own");
    file.flatMap(path -> SecretFile.complaint(path, System.getenv("CREDENTIALS_DIRECTORY")))
        .ifPresent(complaint -> in.problem("docker-config", complaint));
    return file;
  }
}
