package dev.moonboot.cli;

import static java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;

import dev.moonboot.config.ConfigException;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Configuration;
import dev.moonboot.config.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the admin listener is and who calls. For each: the option, else the environment variable,
 * else the file {@code ~/.config/moonboot/admin.yaml}, else (for the address) this machine.
 *
 * @param address without a path: {@code http://127.0.0.1:8090}
 * @param token null to call without one
 * @param ca certificates to trust for https; null for the system's
 */
record ClientSettings(URI address, @Nullable String token, @Nullable Path ca) {
  static final String ADDRESS = "MOONBOOT_ADMIN_ADDRESS";
  static final String TOKEN = "MOONBOOT_ADMIN_TOKEN";
  static final String TOKEN_FILE = "MOONBOOT_ADMIN_TOKEN_FILE";
  static final String CA = "MOONBOOT_ADMIN_CA";

  private static final String HERE = "http://127.0.0.1:8090";
  private static final int LONGEST_TOKEN = 4096;

  /** What the file says. */
  private record InFile(
      Optional<String> address,
      Optional<String> token,
      Optional<Path> tokenFile,
      Optional<Path> ca) {
    static final InFile NOTHING =
        new InFile(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    static InFile read(ConfigReader in) {
      return new InFile(
          in.optional("address", "where the admin listener is", Kind.TEXT),
          in.secret("token", "the token to call with", Kind.TEXT),
          in.optionalPath("token-file", "a file with the token in it"),
          in.optionalPath("ca", "certificates to trust for https"));
    }
  }

  /**
   * @throws CliException when something that was given cannot be used
   */
  static ClientSettings of(AdminOptions options, Map<String, String> environment) {
    InFile file = inFile(environment);
    URI address =
        address(
            Optional.ofNullable(options.address)
                .or(() -> variable(environment, ADDRESS))
                .or(file::address)
                .orElse(HERE));
    Path ca =
        Optional.ofNullable(options.ca)
            .or(() -> variable(environment, CA).map(Path::of))
            .or(file::ca)
            .orElse(null);
    String token = token(options, environment, file).orElse(null);
    if (token != null && !address.getScheme().equals("https") && !isLoopback(address.getHost())) {
      throw new CliException(
          CliException.USAGE,
          "the token is not sent to %s: anybody on the way could read it\n  use an https://"
                  .formatted(address)
              + " address, or an SSH tunnel to the listener on 127.0.0.1");
    }
    return new ClientSettings(address, token, ca);
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private static InFile inFile(Map<String, String> environment) {
    Optional<Path> folder =
        variable(environment, "XDG_CONFIG_HOME")
            .or(() -> variable(environment, "HOME").map(home -> home + "/.config"))
            .map(Path::of);
    if (folder.isEmpty()) {
      return InFile.NOTHING;
    }
    Path file = folder.get().resolve("moonboot").resolve("admin.yaml");
    if (!Files.exists(file)) {
      return InFile.NOTHING;
    }
    try {
      InFile read = Configuration.load(file, Map.of(), InFile::read).value();
      if (read.token().isPresent()) {
        requirePrivate(file);
      }
      return read;
    } catch (ConfigException e) {
      throw new CliException(CliException.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> token(
      AdminOptions options, Map<String, String> environment, InFile file) {
    if (options.tokenFile != null) {
      return Optional.of(readToken(options.tokenFile));
    }
    return variable(environment, TOKEN)
        .map(String::strip)
        .or(() -> variable(environment, TOKEN_FILE).map(path -> readToken(Path.of(path))))
        .or(file::token)
        .or(() -> file.tokenFile().map(ClientSettings::readToken));
  }

  private static String readToken(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8).strip();
      requirePrivate(file);
      if (text.isEmpty() || text.length() > LONGEST_TOKEN || text.matches("(?s).*\\s.*")) {
        throw new CliException(
            CliException.USAGE,
            "the token file " + file + " must hold one token, on one line, and nothing else");
      }
      return text;
    } catch (IOException e) {
      throw new CliException(
          CliException.USAGE,
          "the token file "
              + file
              + " cannot be read: "
              + e
              + "\n  name another one with --token-file or "
              + TOKEN_FILE);
    }
  }

  private static void requirePrivate(Path file) {
    try {
      var others = EnumSet.copyOf(Files.getPosixFilePermissions(file));
      others.removeAll(EnumSet.of(OWNER_READ, OWNER_WRITE, OWNER_EXECUTE));
      if (!others.isEmpty()) {
        throw new CliException(
            CliException.USAGE,
            "others than its owner can read %s, which holds a token\n  chmod 600 %s, and have the"
                    .formatted(file, file)
                + " token changed if they should not know it");
      }
    } catch (IOException e) {
      throw new CliException(CliException.USAGE, "cannot look at " + file + ": " + e);
    } catch (UnsupportedOperationException e) {
      // A system without POSIX permissions: its own rules hold.
    }
  }

  private static URI address(String given) {
    String text = given.contains("://") ? given : "http://" + given;
    try {
      URI uri = URI.create(text.replaceFirst("/+$", ""));
      boolean known = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      boolean plain =
          uri.getRawPath().isEmpty() && uri.getRawQuery() == null && uri.getRawUserInfo() == null;
      if (known && plain && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw new CliException(
        CliException.USAGE,
        "\"%s\" is no address of an admin listener\n  write http://HOST:PORT, https://HOST:PORT or"
                .formatted(given)
            + " HOST:PORT");
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "ClientSettings[" + address + "]";
  }
}
