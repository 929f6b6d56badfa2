package dev.moonboot.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Keys and certificates for tests, made on the spot by the JDK's keytool and never kept: a
 * throw-away authority and a server certificate signed by it. Made once a process for each kind.
 */
public final class FakeRegistryTls {
  /** What the server shows to its clients. */
  public enum Kind {
    /** Valid for all {@link #HOSTS}. */
    GOOD,
    /** Valid, but for {@code elsewhere.example} only. */
    WRONG_HOST,
    /** Was valid until yesterday. */
    EXPIRED
  }

  /** Names and addresses that a {@link Kind#GOOD} certificate is for. */
  public static final List<String> HOSTS =
      List.of(
          "localhost",
          "registry.example.com",
          "auth.example.com",
          "cdn.example.net",
          "registry.internal");

  private static final String PASSWORD = "changeit";
  private static final ConcurrentMap<Kind, FakeRegistryTls> MADE = new ConcurrentHashMap<>();

  private final SSLContext context;
  private final String authority;

  private FakeRegistryTls(SSLContext context, String authority) {
    this.context = context;
    this.authority = authority;
  }

  /** Keys of that kind. */
  public static FakeRegistryTls of(Kind kind) {
    return MADE.computeIfAbsent(kind, FakeRegistryTls::make);
  }

  /** With the server's key. */
  public SSLContext context() {
    return context;
  }

  /** The certificate authority, as PEM. */
  public String authority() {
    return authority;
  }

  private static FakeRegistryTls make(Kind kind) {
    try {
      Path directory = Files.createTempDirectory("fake-registry-tls");
      Path store = directory.resolve("keys.p12");
      try {
        keytool(store, "-alias", "ca", "-dname", "CN=Throw-away CA", "-ext", "bc:c");
        keytool(store, serverCertificate(kind));
        return load(store);
      } finally {
        Files.deleteIfExists(store);
        Files.delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String[] serverCertificate(Kind kind) {
    String names =
        kind == Kind.WRONG_HOST
            ? "dns:elsewhere.example"
            : "ip:127.0.0.1,ip:::1,dns:" + String.join(",dns:", HOSTS);
    List<String> arguments =
        new ArrayList<>(
            List.of("-alias", "server", "-signer", "ca", "-dname", "CN=server", "-ext"));
    arguments.add("san=" + names);
    if (kind == Kind.EXPIRED) {
      arguments.addAll(List.of("-startdate", "-3d", "-validity", "2"));
    }
    return arguments.toArray(String[]::new);
  }

  private static void keytool(Path store, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(
        List.of("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-storepass", PASSWORD));
    command.addAll(List.of("-keystore", store.toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("keytool: " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static FakeRegistryTls load(Path store) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    var managers = KeyManagerFactory.getInstance("PKIX");
    String authority = pem(keys.getCertificate("ca").getEncoded());
    keys.deleteEntry("ca"); // or it might be shown instead of the server's
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return new FakeRegistryTls(context, authority);
  }

  private static String pem(byte[] der) {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END CERTIFICATE-----\n";
  }
}
