package dev.moonboot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.config.ConfigProblems;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.testing.Requires;
import dev.moonboot.tls.KeyPairFiles;
import dev.moonboot.tls.ServerCertificate;
import dev.moonboot.tls.TlsFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The admin listener with TLS, with certificates made by openssl. */
class AdminTlsTest {
  private static final Routes ECHO =
      request -> Reply.text(200, request.method() + " " + request.content().text(100) + "\n");

  @TempDir private Path folder;
  private TlsFiles files;

  @BeforeEach
  void certificate() throws IOException {
    files = new TlsFiles(folder.resolve("cert.pem"), folder.resolve("key.pem"));
    make("one", "ec -pkeyopt ec_paramgen_curve:P-256");
    install("one.cert", files.certificate());
    install("one.key", files.key());
  }

  private void make(String name, String algorithm) throws IOException {
    String command =
        ("%s req -x509 -newkey %s -nodes -days 2 -keyout %s.key -out %s.cert -subj /CN=%s"
                + " -addext subjectAltName=DNS:localhost")
            .formatted(Requires.program("openssl"), algorithm, name, name, name);
    Process process =
        new ProcessBuilder(List.of(command.split(" ", -1)))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertEquals(0, process.waitFor(), command);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void install(String name, Path to) throws IOException {
    Path copy = Files.copy(folder.resolve(name), folder.resolve("copy"));
    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
    Files.move(copy, to, StandardCopyOption.REPLACE_EXISTING);
  }

  private AdminListener start() {
    var listener =
        new AdminListener(
            new AdminConfig(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                HttpLimits.DEFAULT,
                files),
            ECHO);
    listener.start();
    return listener;
  }

  private SSLSocket connect(AdminListener to, String... trusted)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (String name : trusted) {
      byte[] pem = Files.readAllBytes(folder.resolve(name + ".cert"));
      store.setCertificateEntry(
          name,
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(pem)));
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return (SSLSocket) context.getSocketFactory().createSocket("localhost", to.address().getPort());
  }

  private static String subject(SSLSocket socket) throws IOException {
    socket.startHandshake();
    var leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
    return leaf.getSubjectX500Principal().getName();
  }

  @Test
  void a_request_with_a_body_goes_through_tls() throws Exception {
    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      try (AdminListener listener = start();
          SSLSocket socket = connect(listener, "one")) {
        socket.setEnabledProtocols(new String[] {version});
        socket
            .getOutputStream()
            .write(
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello"
                    .getBytes(StandardCharsets.US_ASCII));
        String answer =
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertEquals(version, socket.getSession().getProtocol());
        assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
        assertTrue(answer.contains("Strict-Transport-Security: max-age=31536000\r\n"), answer);
        assertTrue(answer.endsWith("POST hello\n"), answer);
      }
    }
  }

  @Test
  void a_new_certificate_is_shown_without_a_restart() throws Exception {
    make("two", "rsa:2048");
    try (AdminListener listener = start()) {
      try (SSLSocket socket = connect(listener, "one")) {
        assertEquals("CN=one", subject(socket));
      }
      install("two.cert", files.certificate());
      install("two.key", files.key());
      long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      String shown = "";
      while (!shown.equals("CN=two") && System.nanoTime() < deadline) {
        try (SSLSocket socket = connect(listener, "one", "two")) {
          shown = subject(socket);
        }
      }
      assertEquals("CN=two", shown);
    }
  }

  @Test
  void a_certificate_without_its_key_leaves_the_old_pair() throws Exception {
    make("two", "rsa:2048");
    var certificate = new ServerCertificate(files);
    install("two.cert", files.certificate());
    certificate.look();
    assertEquals("CN=one", certificate.subject());
    install("two.key", files.key());
    certificate.look();
    assertEquals("CN=two", certificate.subject());
    Files.delete(files.key());
    certificate.look();
    assertEquals("CN=two", certificate.subject());
  }

  @Test
  void a_stranger_is_not_trusted_and_plain_http_is_not_spoken() throws Exception {
    make("two", "ec -pkeyopt ec_paramgen_curve:P-256");
    try (AdminListener listener = start()) {
      try (SSLSocket socket = connect(listener, "two")) {
        assertThrows(SSLHandshakeException.class, socket::startHandshake);
      }
      try (RawClient plain = RawClient.connect(listener.address())) {
        plain.request("GET", "/");
        assertTrue(!plain.rest().startsWith("HTTP/1.1 200"));
      }
    }
  }

  @Test
  void a_04_what_is_wrong_with_the_files_is_told_with_their_names() throws IOException {
    make("two", "ec -pkeyopt ec_paramgen_curve:P-256");
    install("two.key", files.key());
    assertTrue(problem().contains("key.pem is not the key of the certificate in"), problem());
    Files.setPosixFilePermissions(files.key(), PosixFilePermissions.fromString("rw-r--r--"));
    assertTrue(problem().contains("can be read or written by anybody"), problem());
    Files.writeString(files.certificate(), "nothing");
    assertTrue(problem().contains("cert.pem"), problem());
  }

  private String problem() {
    var problems = new ConfigProblems();
    AdminConfig.read(
        ConfigReader.of(
            Map.of(
                "tls.certificate", files.certificate().toString(),
                "tls.key", files.key().toString()),
            problems));
    return problems.all().toString();
  }

  @ParameterizedTest
  @CsvSource({
    "rsa:2048, rsa -traditional, RSA PRIVATE KEY",
    "rsa:2048, pkey, PRIVATE KEY",
    "ec -pkeyopt ec_paramgen_curve:P-256, ec, EC PRIVATE KEY",
    "ec -pkeyopt ec_paramgen_curve:P-384, ec, EC PRIVATE KEY"
  })
  void keys_of_every_openssl_can_be_read(String algorithm, String rewrite, String header)
      throws Exception {
    make("some", algorithm);
    Path key = folder.resolve("rewritten.key");
    List<String> command = new ArrayList<>(List.of(Requires.program("openssl").toString()));
    command.addAll(List.of(rewrite.split(" ")));
    command.addAll(List.of("-in", folder.resolve("some.key").toString(), "-out", key.toString()));
    assertEquals(
        0,
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor());
    assertTrue(Files.readString(key).startsWith("-----BEGIN " + header + "-----"), header);
    KeyPairFiles read = KeyPairFiles.read(new TlsFiles(folder.resolve("some.cert"), key));
    assertEquals("CN=some", read.leaf().getSubjectX500Principal().getName());
  }
}
