package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.openpgp.Signer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class SignaturesTest {
  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /** Signs by repeating; waits for its leave. */
  private static final class SlowSigner implements Signer {
    final List<String> signed = new CopyOnWriteArrayList<>();
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch leave;

    SlowSigner(int count) {
      leave = new CountDownLatch(count);
    }

    @Override
    public byte[] sign(byte[] text) {
      begun.countDown();
      try {
        leave.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      signed.add(new String(text, UTF_8));
      return text.clone();
    }

    @Override
    public String armored(byte[] signature) {
      return "armored " + new String(signature, UTF_8);
    }
  }

  @Test
  void a_body_is_signed_once_as_long_as_it_is_kept() {
    SlowSigner signer = new SlowSigner(0);
    Signatures signatures = new Signatures(signer);
    assertArrayEquals(bytes("a"), signatures.of(bytes("a")).orElseThrow());
    assertArrayEquals(bytes("a"), signatures.of(bytes("a")).orElseThrow());
    assertEquals(List.of("a"), signer.signed);
    for (int i = 0; i < 2048; i++) {
      assertTrue(signatures.of(bytes("body " + i)).isPresent());
    }
    assertTrue(signatures.of(bytes("a")).isPresent());
    assertEquals(2050, signer.signed.size());
    assertEquals("armored a", signatures.armored(bytes("a")));
  }

  @Test
  void no_more_are_made_at_once_than_there_are_places() throws Exception {
    SlowSigner signer = new SlowSigner(1);
    Signatures signatures = new Signatures(signer, 1, Duration.ofMillis(20));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Optional<byte[]>> first = threads.submit(() -> signatures.of(bytes("a")));
      signer.begun.await();
      assertEquals(Optional.empty(), signatures.of(bytes("b")));
      signer.leave.countDown();
      assertArrayEquals(bytes("a"), first.get().orElseThrow());
      assertTrue(signatures.of(bytes("b")).isPresent());
    }
  }
}
