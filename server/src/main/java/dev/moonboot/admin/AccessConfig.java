package dev.moonboot.admin;

import dev.moonboot.config.Check;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.http.AdminConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the admin API.
 *
 * @param hosts names by which it is called, besides {@code localhost}, {@code 127.0.0.1} and {@code
 *     [::1]}; without ports
 * @param tokens the file of tokens; null when there is none: then everybody may read, nobody may
 *     change anything
 * @param credentials where systemd puts credentials; null for none
 * @param overlap how long tokens that are gone from the file still do
 */
public record AccessConfig(
    List<String> hosts, @Nullable Path tokens, @Nullable Path credentials, Duration overlap) {
  /** Of a listener on loopback without tokens. */
  public static final AccessConfig NONE = new AccessConfig(List.of(), null, null, Duration.ZERO);

  public AccessConfig {
    hosts = List.copyOf(hosts);
  }

  /** Reads the section {@code admin}, as far as it is about access. */
  public static AccessConfig read(ConfigReader in, AdminConfig listener) {
    return read(in, listener, System.getenv());
  }

  static AccessConfig read(ConfigReader in, AdminConfig listener, Map<String, String> environment) {
    List<String> hosts =
        in.strings(
            "hosts", "names, without ports, by which the admin listener is called", List.of());
    Path tokens =
        in.optionalPath("tokens", "the file of tokens, a line each: name role token").orElse(null);
    Duration overlap =
        in.duration(
            "token-overlap",
            "how long a token still does that is gone from the file",
            Duration.ZERO,
            Check.atMost(Duration.ofDays(7)));
    String folder = environment.get("CREDENTIALS_DIRECTORY");
    AccessConfig access =
        new AccessConfig(hosts, tokens, folder == null ? null : Path.of(folder), overlap);
    access.check(in, listener);
    return access;
  }

  private void check(ConfigReader in, AdminConfig listener) {
    if (tokens == null) {
      if (!listener.isLoopback()) {
        in.problem(
            "tokens",
            "must be set where the admin listener is not on a loopback address: others can reach"
                + " it; moonboot token makes a line for the file");
      }
      return;
    }
    try {
      if (TokenFile.read(tokens, credentials).isEmpty()) {
        in.problem("tokens", tokens + " has no token in it; moonboot token makes one");
      }
    } catch (TokenFileException e) {
      in.problem("tokens", String.valueOf(e.getMessage()));
    }
  }
}
