package dev.moonboot.tftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A transfer's socket is bound to the port of requests before it is connected to its client, and in
 * between the kernel puts into it whatever comes to that port, from anyone.
 */
class StrayPacketTest {
  private static final String KERNEL = "talos/custom/vmlinuz-amd64";
  private static final String INITRAMFS = "talos/custom/initramfs-amd64.xz";
  private static final byte[] KERNEL_BYTES = Served.bytes(2560, 1);
  private static final byte[] INITRAMFS_BYTES = Served.bytes(100_000, 2);

  @TempDir Path folder;

  private interface Sending {
    void send() throws IOException;
  }

  /** What is sent at the worst moment, a thing for each transfer that begins. */
  private final Queue<Sending> strays = new ArrayDeque<>();

  private Served serving(boolean epoll) {
    var served = Served.over(new Sockets(epoll, this::stray), folder);
    served.asset(KERNEL, KERNEL_BYTES);
    served.asset(INITRAMFS, INITRAMFS_BYTES);
    return served;
  }

  private void stray() {
    Sending next = strays.poll();
    if (next != null) {
      try {
        next.send();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @ParameterizedTest(name = "epoll {0}")
  @ValueSource(booleans = {true, false})
  void each_client_gets_what_it_asked_for(boolean epoll) throws IOException {
    try (var served = serving(epoll);
        var node = served.client();
        var other = served.client()) {
      strays.add(() -> other.ask(KERNEL, "blksize", "1468"));
      assertArrayEquals(INITRAMFS_BYTES, node.fetch(INITRAMFS, "blksize", "1432"));
      assertArrayEquals(KERNEL_BYTES, other.fetchAsked(KERNEL, "blksize", "1468"));
      assertEquals(List.of(), List.copyOf(strays));
    }
  }

  @ParameterizedTest(name = "epoll {0}")
  @ValueSource(booleans = {true, false})
  void nobody_ends_the_transfer_of_another(boolean epoll) throws IOException {
    try (var served = serving(epoll);
        var node = served.client();
        var other = served.client()) {
      strays.add(() -> other.error(0, "not mine"));
      assertArrayEquals(INITRAMFS_BYTES, node.fetch(INITRAMFS, "blksize", "1432"));
      assertEquals(List.of(), List.copyOf(strays));
    }
  }

  /** RFC 1350 section 4: an error to who sent it, and the transfer goes on. */
  @ParameterizedTest(name = "epoll {0}")
  @ValueSource(booleans = {true, false})
  void nobody_acknowledges_for_another(boolean epoll) throws IOException {
    try (var served = serving(epoll);
        var node = served.client();
        var other = served.client()) {
      strays.add(() -> other.ack(0));
      node.ask(INITRAMFS, "blksize", "1432");
      node.oack();
      if (epoll) { // over NIO, Java throws away what came before
        assertEquals(5, other.failure().code());
      }
      assertArrayEquals(INITRAMFS_BYTES, node.fetch(INITRAMFS, "blksize", "1432"));
    }
  }
}
