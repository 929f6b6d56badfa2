package dev.moonboot.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.testing.Requires;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in, and with which TLS. */
class RpcTlsTest {
  private static final String LIST = "/rpcpb.Groups/GroupList";
  private static final byte[] NOTHING = {};

  @TempDir private static Path certificates;
  private static Authority ours;
  private static Authority theirs;

  @TempDir private Path data;
  private RpcLab lab;

  @BeforeAll
  static void authorities() throws IOException {
    ours = new Authority(certificates.resolve("ours"));
    ours.issue("server", "server");
    ours.issue("other-server", "server");
    ours.issue("good", "client");
    ours.issue("revoked", "client");
    ours.issue("later-revoked", "client");
    ours.issue("server-only", "server");
    ours.issue("expired", "client", "20200101000000Z", "20200201000000Z");
    ours.issue("not-yet", "client", "20390101000000Z", "20400101000000Z");
    ours.revoke("revoked");
    theirs = new Authority(certificates.resolve("theirs"));
    theirs.issue("stranger", "client");
  }

  @BeforeEach
  void start() {
    lab = new RpcLab(ours, data, ClientRoles.ANY, ours.file("crl.pem"), Duration.ofSeconds(60));
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  private void assertKeptOut(ManagedChannel client, String who) {
    assertEquals(Code.UNAVAILABLE, RpcLab.status(client, LIST, NOTHING).getCode(), who);
    assertFalse(lab.meters.scrape().contains("moonboot_rpc_calls"), who);
  }

  @ParameterizedTest
  @ValueSource(strings = {"revoked", "server-only", "expired", "not-yet", "ca"})
  void g_01_a_certificate_that_will_not_do_reaches_no_handler(String name) {
    assertKeptOut(lab.client(name), name);
    assertEquals(Code.OK, RpcLab.status(lab.client("good"), LIST, NOTHING).getCode());
  }

  @Test
  void g_01_another_authoritys_certificate_and_none_reach_no_handler() {
    assertKeptOut(lab.client(theirs.file("stranger.crt"), theirs.file("stranger.key")), "stranger");
    assertKeptOut(lab.client(null, null), "no certificate");
  }

  @Test
  void g_01_plain_http2_is_not_answered() throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), lab.listener.address().getPort())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readAllBytes();
      assertTrue(answer.length == 0 || answer[0] == 0x15, "a TLS alert, or nothing");
    }
  }

  @Test
  void g_01_who_is_revoked_while_connected_makes_no_further_call() throws IOException {
    ManagedChannel client = lab.client("later-revoked");
    assertEquals(Code.OK, RpcLab.status(client, LIST, NOTHING).getCode());
    ours.revoke("later-revoked");
    lab.listener.look();
    assertEquals(Code.UNAUTHENTICATED, RpcLab.status(client, LIST, NOTHING).getCode());
    assertEquals(Code.OK, RpcLab.status(lab.client("good"), LIST, NOTHING).getCode());
  }

  /** What openssl says of a handshake with these options; its exit code comes first. */
  private String handshake(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Requires.program("openssl").toString());
    command.addAll(List.of("s_client", "-connect"));
    command.add("localhost:" + lab.listener.address().getPort());
    command.addAll(
        List.of(
            "-cert",
            ours.file("good.crt").toString(),
            "-key",
            ours.file("good.key").toString(),
            "-CAfile",
            ours.certificate().toString(),
            "-brief",
            "-alpn",
            "h2"));
    command.addAll(List.of(options));
    Path output = Files.createTempFile(certificates, "handshake", ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(output.toFile())
            .start();
    return process.waitFor() + " " + Files.readString(output);
  }

  @Test
  void g_02_old_tls_and_suites_without_forward_secrecy_or_gcm_are_refused() throws Exception {
    for (List<String> options :
        List.of(
            List.of("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"),
            List.of("-tls1", "-cipher", "ALL:@SECLEVEL=0"),
            List.of("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"),
            List.of("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256"),
            List.of("-tls1_2", "-cipher", "AES128-GCM-SHA256"),
            List.of("-tls1_2", "-cipher", "AES128-SHA"),
            List.of("-tls1_2", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305"))) {
      String said = handshake(options.toArray(String[]::new));
      assertNotEquals('0', said.charAt(0), () -> options + " " + said);
    }
    for (List<String> options :
        List.of(
            List.of("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"),
            List.of("-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384"),
            List.of("-tls1_3"))) {
      String said = handshake(options.toArray(String[]::new));
      assertEquals('0', said.charAt(0), () -> options + " " + said);
      assertTrue(said.contains("CONNECTION ESTABLISHED"), said);
    }
  }

  private static void install(Authority from, String name) throws IOException {
    for (String kind : List.of(".crt", ".key")) {
      installFile(from, name, kind);
    }
  }

  private static void installFile(Authority from, String name, String kind) throws IOException {
    Path copy =
        Files.copy(from.file(name + kind), from.file("copy"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.move(copy, from.file("server" + kind), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Whom a new connection is shown. */
  private String shown() throws Exception {
    String said = handshake("-tls1_3");
    return said.contains("CN = other-server")
        ? "other-server"
        : said.contains("CN = server") ? "server" : said;
  }

  @Test
  void g_05_a_new_pair_is_shown_and_calls_go_on() throws Exception {
    Files.copy(ours.file("server.crt"), ours.file("old.crt"));
    Files.copy(ours.file("server.key"), ours.file("old.key"), StandardCopyOption.COPY_ATTRIBUTES);
    ManagedChannel live = lab.client("good");
    assertEquals(Code.OK, RpcLab.status(live, LIST, NOTHING).getCode());
    int connections = lab.listener.openConnections();
    try {
      installFile(ours, "other-server", ".key"); // and the certificate later
      lab.listener.look();
      assertEquals("server", shown());
      assertTrue(
          lab.listener.trouble().orElse("").contains("is not the key of the certificate"),
          lab.listener.trouble()::toString);
      installFile(ours, "other-server", ".crt");
      long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (lab.listener.trouble().isPresent() && System.nanoTime() < deadline) {
        LockSupport.parkNanos(10_000_000); // the listener looks by itself
      }
      assertEquals("other-server", shown());
      assertEquals(Code.OK, RpcLab.status(live, LIST, NOTHING).getCode());
      assertTrue(lab.listener.openConnections() >= connections);
    } finally {
      install(ours, "old");
    }
  }
}
