package dev.moonboot.diagnosis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TftpProbeTest {
  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** What a server is asked, one packet after the other, when it answers so. */
  private static List<String> asked(DatagramSocket server, byte[]... answers) throws Exception {
    List<String> asked = new ArrayList<>();
    for (byte[] answer : answers) {
      DatagramPacket packet = received(server);
      asked.add(text(packet));
      server.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
    }
    asked.add(text(received(server)));
    return asked;
  }

  private static DatagramPacket received(DatagramSocket server) throws Exception {
    var packet = new DatagramPacket(new byte[600], 600);
    server.receive(packet);
    return packet;
  }

  private static String text(DatagramPacket packet) {
    return new String(packet.getData(), 0, packet.getLength(), ISO_8859_1).replace('\0', '_');
  }

  private static byte[] bytes(String text) {
    return text.replace('_', '\0').getBytes(ISO_8859_1);
  }

  @Test
  void asks_for_the_size_takes_one_block_and_says_that_it_has_enough() throws Exception {
    try (DatagramSocket server = new DatagramSocket(new InetSocketAddress(HERE, 0))) {
      server.setSoTimeout((int) PATIENCE.toMillis());
      var answers = new CompletableFuture<TftpProbe.Answer>();
      Thread asking =
          Thread.ofVirtual()
              .start(() ->
                  answers.complete(
                      new TftpProbe(new InetSocketAddress(HERE, server.getLocalPort()), PATIENCE)
                          .ask("ipxe.efi")));
      List<String> asked = asked(server, bytes("_\6tsize_1234_"), bytes("_\3_\1MZ"));
      asking.join();
      assertEquals(new TftpProbe.Answer.Found(1234, 2), answers.get());
      assertEquals(List.of("_\1ipxe.efi_octet_tsize_0_", "_\4__", "_\5__enough_"), asked);
    }
  }

  @Test
  void a_server_that_is_silent_ends_the_patience() throws Exception {
    try (DatagramSocket silent = new DatagramSocket(new InetSocketAddress(HERE, 0))) {
      var at = new InetSocketAddress(HERE, silent.getLocalPort());
      assertEquals(
          new TftpProbe.Answer.Nothing("no answer within 0 s"),
          new TftpProbe(at, Duration.ofMillis(60)).ask("x"));
    }
  }
}
