package dev.moonboot.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** A certificate authority of openssl in a folder; what it makes lies there, too. */
public final class Authority {
  private static final String SETTINGS =
      """
      [ca]
      default_ca = d
      [d]
      database = index.txt
      rand_serial = yes
      new_certs_dir = .
      default_md = sha256
      default_crl_days = 30
      policy = p
      unique_subject = no
      [p]
      commonName = supplied
      [req]
      distinguished_name = dn
      [dn]
      [authority]
      basicConstraints = critical, CA:TRUE
      subjectKeyIdentifier = hash
      [server]
      basicConstraints = CA:FALSE
      extendedKeyUsage = serverAuth
      subjectAltName = DNS:localhost, IP:127.0.0.1
      [client]
      basicConstraints = CA:FALSE
      extendedKeyUsage = clientAuth
      subjectAltName = DNS:client.example
      """;

  private static final List<String> NEW_KEY =
      List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes");

  private final Path folder;

  /** Makes one. */
  public Authority(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    Files.writeString(folder.resolve("settings"), SETTINGS);
    Files.createFile(folder.resolve("index.txt"));
    openssl(
        "req",
        "-x509",
        "-config",
        "settings",
        "-extensions",
        "authority",
        "-days",
        "30",
        "-subj",
        "/CN=fake-ca",
        "-keyout",
        "ca.key",
        "-out",
        "ca.crt");
  }

  /** What lies in its folder under that name. */
  public Path file(String name) {
    return folder.resolve(name);
  }

  /** Its own. */
  public Path certificate() {
    return file("ca.crt");
  }

  /** One that is valid now. */
  public void issue(String name, String extensions) throws IOException {
    issue(name, extensions, "20200101000000Z", "20400101000000Z");
  }

  /** Makes {@code name.crt} and {@code name.key}. */
  void issue(String name, String extensions, String from, String until) throws IOException {
    openssl(
        "req",
        "-config",
        "settings",
        "-subj",
        "/CN=" + name,
        "-keyout",
        name + ".key",
        "-out",
        name + ".csr");
    openssl(
        "ca",
        "-batch",
        "-notext",
        "-config",
        "settings",
        "-cert",
        "ca.crt",
        "-keyfile",
        "ca.key",
        "-extensions",
        extensions,
        "-startdate",
        from,
        "-enddate",
        until,
        "-in",
        name + ".csr",
        "-out",
        name + ".crt");
    Files.setPosixFilePermissions(
        file(name + ".key"), PosixFilePermissions.fromString("rw-------"));
  }

  /** Writes {@code crl.pem} with all that are revoked, {@code names} among them. */
  void revoke(String... names) throws IOException {
    for (String name : names) {
      openssl(
          "ca",
          "-config",
          "settings",
          "-cert",
          "ca.crt",
          "-keyfile",
          "ca.key",
          "-revoke",
          name + ".crt");
    }
    openssl(
        "ca",
        "-gencrl",
        "-config",
        "settings",
        "-cert",
        "ca.crt",
        "-keyfile",
        "ca.key",
        "-out",
        "crl.pem");
  }

  private void openssl(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(Requires.program("openssl").toString()));
    command.addAll(List.of(arguments));
    if (arguments[0].equals("req")) {
      command.addAll(NEW_KEY);
    }
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertEquals(0, process.waitFor(), () -> command + "\n" + read(output));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
