package dev.moonboot.assets.registry;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, taken piece by piece, with the timers that java.net.http does not have
 * once the headers are there: for silence, and for a rate below 10 KiB/s over twice that time.
 *
 * <p>Must be read to its end or closed, or its connection stays open.
 */
final class Body implements HttpResponse.BodySubscriber<Body>, AutoCloseable {
  /** In bytes a second. */
  private static final long LEAST_RATE = 10 << 10;

  private static final int PIECES_AHEAD = 16;

  private sealed interface Event {
    record Piece(List<ByteBuffer> bytes) implements Event {}

    record End(@Nullable Throwable error) implements Event {}
  }

  private final Duration stall;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final AtomicReference<Flow.@Nullable Subscription> subscription = new AtomicReference<>();
  private final CountDownLatch subscribed = new CountDownLatch(1);
  private long windowStart = System.nanoTime();
  private long windowBytes;

  Body(Duration stall) {
    this.stall = stall;
  }

  @Override
  public CompletionStage<Body> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription.set(given);
    subscribed.countDown();
    given.request(PIECES_AHEAD);
  }

  @Override
  public void onNext(List<ByteBuffer> item) {
    events.add(new Event.Piece(item));
  }

  @Override
  public void onError(Throwable error) {
    events.add(new Event.End(error));
    subscribed.countDown(); // it may come without a subscription
  }

  @Override
  public void onComplete() {
    events.add(new Event.End(null));
  }

  /**
   * The next bytes; null at the end.
   *
   * @throws IOException when the connection was cut, or is silent or too slow
   */
  @Nullable List<ByteBuffer> next() throws IOException {
    return switch (poll()) {
      case Event.Piece(var bytes) -> {
        Flow.Subscription source = subscription.get();
        if (source != null) {
          source.request(1);
        }
        countRate(bytes.stream().mapToLong(ByteBuffer::remaining).sum());
        yield bytes;
      }
      case Event.End(var error) when error != null ->
          throw new IOException("the connection was cut: " + error.getMessage(), error);
      case Event.End _ -> null;
    };
  }

  private Event poll() throws IOException {
    try {
      Event event = events.poll(stall.toMillis(), TimeUnit.MILLISECONDS);
      if (event == null) {
        throw new IOException("nothing came for " + stall.toMillis() + " ms");
      }
      return event;
    } catch (InterruptedException e) {
      throw Interrupted.now(e);
    }
  }

  private void countRate(long bytes) throws IOException {
    windowBytes += bytes;
    long elapsed = System.nanoTime() - windowStart;
    if (elapsed >= stall.multipliedBy(2).toNanos()) {
      long rate = windowBytes * 1_000_000_000L / elapsed;
      if (rate < LEAST_RATE) {
        throw new IOException("only " + rate + " bytes/s came, at least " + LEAST_RATE + " must");
      }
      windowStart = System.nanoTime();
      windowBytes = 0;
    }
  }

  /**
   * All of it.
   *
   * @throws TooLong when there are more bytes than {@code max}
   */
  byte[] all(int max) throws IOException {
    List<byte[]> pieces = new ArrayList<>();
    int size = 0;
    for (List<ByteBuffer> piece = next(); piece != null; piece = next()) {
      for (ByteBuffer bytes : piece) {
        if (bytes.remaining() > max - size) {
          throw new TooLong(max);
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        pieces.add(copy);
        size += copy.length;
      }
    }
    ByteBuffer all = ByteBuffer.allocate(size);
    pieces.forEach(all::put);
    return all.array();
  }

  /** Ends the transfer, if it still runs. */
  @Override
  public void close() {
    try {
      // The answer is handed out before its body is subscribed to: a cancel now would be lost.
      if (subscribed.await(stall.toMillis(), TimeUnit.MILLISECONDS)) {
        Flow.Subscription source = subscription.get();
        if (source != null) {
          source.cancel();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** There is more than was allowed. */
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1;

    TooLong(long max) {
      super("more than " + max + " bytes");
    }
  }
}
