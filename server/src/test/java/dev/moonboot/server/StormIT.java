package dev.moonboot.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All that slow, silent and flooding clients can do at once, while nodes boot. */
class StormIT {
  private static final Duration LASTS = Duration.ofSeconds(8);
  private static final int DRIPS = 150;
  private static final int STALLED = 150;
  private static final int SOURCES = 50;
  private static final int NODES = 20;

  /** Fewer than the readers that never read, so that nodes have to get past those. */
  private static final String HTTP =
      "http: {address: \"127.0.0.1:0\", transfers: 64}\ntftp: {address: \"127.0.0.1:0\"}\n";

  @TempDir Path work;

  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicInteger asked = new AtomicInteger();

  @Test
  void l_01_l_02_t_14_m_06_every_node_boots_in_a_storm() throws Exception {
    FilledCache filled = FilledCache.in(work);
    try (var large = new RandomAccessFile(work.resolve("static/large").toFile(), "rw")) {
      large.setLength(32 << 20);
    }
    Path config = filled.config("127.0.0.1:1", HTTP);
    try (var server = ServerProcess.start(config, List.of(), Map.of()).serving();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      byte[] kernel = server.body(FilledCache.KERNEL);
      byte[] initramfs = server.body(FilledCache.INITRAMFS);
      int before = server.descriptors();
      long end = System.nanoTime() + LASTS.toNanos();
      List<Future<?>> attackers = new ArrayList<>();
      for (int i = 0; i < DRIPS; i++) {
        String from = "127.1.0." + (1 + i / 15);
        attackers.add(threads.submit(() -> again(() -> drip(server.http(), from))));
      }
      for (int i = 0; i < STALLED; i++) {
        String from = "127.1.1." + (1 + i / 15);
        attackers.add(threads.submit(() -> again(() -> neverRead(server.http(), from))));
      }
      attackers.add(threads.submit(() -> flood(server.tftpPort())));
      List<Future<Integer>> nodes = new ArrayList<>();
      for (int i = 0; i < NODES; i++) {
        String from = "127.2.0." + (1 + i);
        boolean tftp = i % 4 == 0;
        nodes.add(
            threads.submit(() -> boots(server, new Node(from, tftp, end), kernel, initramfs)));
      }
      int boots = 0;
      for (Future<Integer> node : nodes) {
        int times = node.get();
        assertTrue(times > 0, "a node did not boot");
        boots += times;
      }
      stop.set(true);
      for (Future<?> attacker : attackers) {
        attacker.get();
      }
      assertTrue(asked.get() > 1000, "the flood was none: " + asked);
      assertTrue(boots >= NODES, boots + " boots");
      assertTrue(server.logSize() < 1 << 20, "it wrote " + server.logSize() + " bytes of log");
      server.await(
          "files and sockets as before",
          Duration.ofSeconds(20),
          () -> descriptors(server) <= before + 8);
      assertEquals(200, server.status(FilledCache.KERNEL));
    }
  }

  private static int descriptors(ServerProcess server) {
    try {
      return server.descriptors();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Attack {
    void run() throws IOException;
  }

  /** Comes back whenever it was thrown out. */
  private void again(Attack attack) {
    while (!stop.get()) {
      try {
        attack.run();
      } catch (IOException e) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    }
  }

  private static Socket connected(InetSocketAddress server, String from) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setReceiveBufferSize(4096);
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
      socket.connect(server, 5000);
      socket.setSoTimeout(10_000);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private void drip(InetSocketAddress server, String from) throws IOException {
    try (Socket socket = connected(server, from)) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\nX-Drip: ".getBytes(ISO_8859_1));
      while (!stop.get()) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        socket.getOutputStream().write('x');
      }
    }
  }

  private void neverRead(InetSocketAddress server, String from) throws IOException {
    try (Socket socket = connected(server, from)) {
      socket.getOutputStream().write(request("/assets/large"));
      while (!stop.get() && socket.isConnected()) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        socket.getOutputStream().write('\r'); // fails once the server has closed
      }
    }
  }

  private static byte[] request(String path) {
    return ("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .getBytes(ISO_8859_1);
  }

  /** Requests of many sources that never acknowledge anything, some 1,500 a second. */
  private int flood(int port) {
    byte[] rrq = "\0\1talos/custom/initramfs-amd64.xz\0octet\0".getBytes(ISO_8859_1);
    var server = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    List<DatagramSocket> sources = new ArrayList<>();
    try {
      for (int i = 0; i < SOURCES; i++) {
        InetAddress from = InetAddress.ofLiteral("127.3.0." + (1 + i));
        sources.add(new DatagramSocket(new InetSocketAddress(from, 0)));
      }
      while (!stop.get()) {
        for (int i = 0; i < 15; i++) {
          sources
              .get(asked.getAndIncrement() % SOURCES)
              .send(new DatagramPacket(rrq, rrq.length, server));
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      sources.forEach(DatagramSocket::close);
    }
    return asked.get();
  }

  /** A node: its address, whether it reads over TFTP, and until when it boots again and again. */
  private record Node(String from, boolean tftp, long end) {}

  /** How often it booted, with the right bytes each time. */
  private static int boots(ServerProcess server, Node node, byte[] kernel, byte[] initramfs)
      throws Exception {
    int boots = 0;
    do {
      assertEquals(
          "#!ipxe",
          new String(get(server, node, "/boot.ipxe"), ISO_8859_1).lines().findFirst().orElse(""));
      String script = new String(get(server, node, "/ipxe?arch=amd64"), ISO_8859_1);
      assertTrue(script.contains("/sha256-"), script);
      if (node.tftp()) {
        assertArrayEquals(
            kernel, retried(() -> tftp(server.tftpPort(), "talos/custom/vmlinuz-amd64")));
        assertArrayEquals(
            initramfs, retried(() -> tftp(server.tftpPort(), "talos/custom/initramfs-amd64.xz")));
      } else {
        assertArrayEquals(kernel, get(server, node, FilledCache.KERNEL));
        assertArrayEquals(initramfs, get(server, node, FilledCache.INITRAMFS));
      }
      boots++;
    } while (System.nanoTime() < node.end());
    return boots;
  }

  /** As iPXE does: told to come back, it comes back. */
  private static byte[] get(ServerProcess server, Node node, String path) throws Exception {
    return retried(() -> {
      try (Socket socket = connected(server.http(), node.from())) {
        socket.getOutputStream().write(request(path));
        String all = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        int head = all.indexOf("\r\n\r\n");
        if (!all.startsWith("HTTP/1.1 200") || head < 0) {
          throw new IOException(path + ": " + all.lines().findFirst().orElse("closed"));
        }
        return all.substring(head + 4).getBytes(ISO_8859_1);
      }
    });
  }

  private static byte[] retried(Callable<byte[]> work) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    while (true) {
      try {
        return work.call();
      } catch (IOException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(250));
      }
    }
  }

  /** A file in lockstep (RFC 1350), with blocks of 1,428 bytes. */
  private static byte[] tftp(int port, String name) throws IOException {
    try (var socket = new DatagramSocket()) {
      socket.setSoTimeout(1000);
      var server = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
      byte[] rrq = ("\0\1" + name + "\0octet\0blksize\0001428\0").getBytes(ISO_8859_1);
      socket.send(new DatagramPacket(rrq, rrq.length, server));
      var out = new ByteArrayOutputStream();
      var packet = new DatagramPacket(new byte[2048], 2048);
      int expected = 0;
      while (true) {
        packet.setLength(2048);
        socket.receive(packet);
        ByteBuffer in = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
        int opcode = in.getShort();
        int block = opcode == 6 ? 0 : Short.toUnsignedInt(in.getShort());
        if (opcode != 6 && opcode != 3) {
          throw new IOException("opcode " + opcode);
        }
        if (block == expected) {
          out.write(in.array(), in.position(), opcode == 6 ? 0 : in.remaining());
          expected++;
        }
        byte[] ack = ByteBuffer.allocate(4).putShort((short) 4).putShort((short) block).array();
        socket.send(new DatagramPacket(ack, 4, packet.getSocketAddress()));
        if (opcode == 3 && in.remaining() < 1428) {
          return out.toByteArray();
        }
      }
    }
  }
}
