package dev.moonboot.factory;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Fetched;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Release;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What is composed for whoever asks: each order once however many ask, so many at a time, so many
 * waiting. Asking never waits: it looks, and starts work. What cannot be made is remembered for a
 * while with the reason.
 */
final class Orders implements AutoCloseable {
  static final Duration FAILED_FOR = Duration.ofSeconds(30);

  /** iPXE waits so long and asks again. */
  static final Duration AGAIN = Duration.ofSeconds(10);

  private static final int MOST_FAILURES = 256;
  private static final int QUEUE = 16;
  private static final Logger LOG = System.getLogger(Orders.class.getName());

  /** Brings a composition here; may take long. */
  @FunctionalInterface
  interface Making {
    Fetched make(Channel channel);
  }

  private record Failure(OrderStatus.Failed status, long since) {}

  private final Making making;
  private final OrderBook book;
  private final Function<Digest, Optional<Release>> held;
  private final LongSupplier nanoTime;
  private final Semaphore atOnce;
  private final int most;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("factory-", 0).factory());
  private final Stoppable work = new Stoppable();

  /** Each with what tells that it came to an end. */
  private final Map<Order, CountDownLatch> running = new HashMap<>();

  private final Map<Order, Failure> failures = new LinkedHashMap<>();

  /**
   * @param held the release of that digest, if it can be served now
   * @param atOnce how much is composed at a time
   */
  Orders(
      Making making,
      OrderBook book,
      Function<Digest, Optional<Release>> held,
      int atOnce,
      LongSupplier nanoTime) {
    this.making = making;
    this.book = book;
    this.held = held;
    this.nanoTime = nanoTime;
    this.atOnce = new Semaphore(atOnce);
    this.most = atOnce + QUEUE;
  }

  /**
   * How it stands with an order; where nothing is there yet it is made from now on.
   *
   * @param channel what is to be made for it
   */
  OrderStatus ask(Order order, Channel channel) {
    Optional<Release> there = book.find(order).flatMap(held);
    if (there.isPresent()) {
      book.use(order);
      return new OrderStatus.Ready(there.get());
    }
    return begin(order, channel);
  }

  /**
   * As {@link #ask}, for what is the same whatever the platform is and else was made. Always of
   * what was made first: an input may have moved since, and kernel and initramfs, which are asked
   * for one after the other, must be of one release.
   */
  OrderStatus askAny(Order order, Channel channel) {
    Optional<Release> there =
        book.alike(order).stream()
            .flatMap(digest -> held.apply(digest).stream())
            .min(Comparator.comparing(Release::created).thenComparing(Release::digest));
    if (there.isPresent()) {
      book.useAlike(order, there.get().digest());
      return new OrderStatus.Ready(there.get());
    }
    return ask(order, channel);
  }

  /** The release of that digest, if it can be served now. */
  Optional<Release> held(Digest digest) {
    return held.apply(digest);
  }

  /** As {@link #ask}, but begins nothing. */
  OrderStatus look(Order order) {
    Optional<Release> there = book.find(order).flatMap(held);
    return there.isPresent()
        ? new OrderStatus.Ready(there.get())
        : failure(order)
            .<OrderStatus>map(Failure::status)
            .orElseGet(() -> new OrderStatus.Coming(AGAIN));
  }

  private synchronized Optional<Failure> failure(Order order) {
    return Optional.ofNullable(failures.get(order))
        .filter(failure -> nanoTime.getAsLong() - failure.since() < FAILED_FOR.toNanos());
  }

  /**
   * What counts down when the order has come to an end, or nobody is to wait for that any more;
   * empty when nothing is made for it.
   */
  synchronized Optional<CountDownLatch> end(Order order) {
    return Optional.ofNullable(running.get(order));
  }

  /** Lets those go on who wait for the end of any order. */
  synchronized void wake() {
    running.values().forEach(CountDownLatch::countDown);
  }

  private synchronized OrderStatus begin(Order order, Channel channel) {
    if (running.containsKey(order)) {
      return new OrderStatus.Coming(AGAIN);
    }
    Optional<Failure> failure = failure(order);
    if (failure.isPresent()) {
      return failure.get().status();
    }
    failures.remove(order);
    if (work.isStopped()) {
      return new OrderStatus.Failed(503, "this appliance is being stopped", FAILED_FOR);
    }
    if (running.size() >= most) {
      return new OrderStatus.Full(FAILED_FOR);
    }
    running.put(order, new CountDownLatch(1));
    threads.execute(() -> run(order, channel));
    return new OrderStatus.Coming(AGAIN);
  }

  private void run(Order order, Channel channel) {
    Optional<Failure> failure = Optional.empty();
    try {
      failure = made(order, work.run(() -> make(channel)));
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "factory order={0} stopped", order.key());
    } catch (RuntimeException e) {
      if (work.isStopped()) {
        LOG.log(Level.DEBUG, "factory order=" + order.key() + " stopped", e);
      } else {
        LOG.log(Level.ERROR, "factory order=" + order.key() + " failed", e);
        failure = Optional.of(failed(503, "it failed for a fault of this appliance; see its log"));
      }
    } finally {
      ended(order, failure);
    }
  }

  private Fetched make(Channel channel) throws InterruptedException {
    atOnce.acquire();
    try {
      return making.make(channel);
    } finally {
      atOnce.release();
    }
  }

  private Optional<Failure> made(Order order, Fetched fetched) {
    return switch (fetched) {
      case Fetched.Held(var release) -> {
        LOG.log(Level.INFO, "factory order={0} release={1}", order.key(), release.digest());
        book.add(order, release.digest());
        yield Optional.empty();
      }
      case Fetched.Refused(var _, var why) -> Optional.of(told(order, failed(400, why)));
      case Fetched.Failed(var trouble, var _, var _) when trouble == Refresh.Trouble.STOPPED ->
          Optional.empty();
      case Fetched.Failed(var trouble, var why, var _) ->
          Optional.of(told(order, failed(trouble == Refresh.Trouble.TAG_MISSING ? 404 : 503, why)));
    };
  }

  private Failure told(Order order, Failure failure) {
    LOG.log(
        work.isStopped() ? Level.DEBUG : Level.WARNING,
        "factory order={0} failed why=\"{1}\"",
        order.key(),
        failure.status().why());
    return failure;
  }

  private Failure failed(int status, String why) {
    return new Failure(new OrderStatus.Failed(status, why, FAILED_FOR), nanoTime.getAsLong());
  }

  private synchronized void ended(Order order, Optional<Failure> failure) {
    failure.ifPresent(of -> {
      failures.put(order, of);
      if (failures.size() > MOST_FAILURES) {
        failures.remove(failures.keySet().iterator().next());
      }
    });
    CountDownLatch end = running.remove(order);
    if (end != null) {
      end.countDown();
    }
  }

  /** Takes nothing new and interrupts what is being made; what was made is still written down. */
  @Override
  public void close() {
    synchronized (this) { // whoever is beginning something has begun it before this
      work.close();
    }
    threads.shutdown();
    try {
      if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.log(Level.WARNING, "factory orders still run");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
