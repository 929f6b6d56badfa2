package dev.moonboot.factory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Fetched;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.SourceImage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrdersTest {
  private static final Channel CHANNEL =
      new Channel(
          "factory",
          new ImageReference(new SourceImage.Repository("ghcr.io", "a/b"), "x", null),
          List.of(Arch.AMD64));
  private static final Release RELEASE =
      new Release(
          Digest.of(new byte[1]),
          "build:x",
          Map.of(
              Arch.AMD64,
              new Build(
                  Digest.of(new byte[0]),
                  List.of(),
                  "composed",
                  "v1.13.9",
                  "6.18.9-talos",
                  List.of(),
                  Map.of())),
          Instant.EPOCH);
  private static final Order ORDER =
      new Order("ab", "v1.13.9", List.of(Arch.values()), "metal", Output.INSTALLER);

  @TempDir Path folder;
  private OrderBook book;

  @BeforeEach
  void open() {
    book = OrderBook.open(folder.resolve("orders.json"), 10);
  }

  private Orders orders(Orders.Making making) {
    return new Orders(making, book, _ -> Optional.of(RELEASE), 1, System::nanoTime);
  }

  private static void await(BooleanSupplier there) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!there.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "in time");
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Until it is interrupted, which the thread remembers. */
  private static void busy(CountDownLatch begun) {
    begun.countDown();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void what_is_made_by_the_time_of_the_stop_is_written_down() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Orders orders =
        orders(_ -> {
          busy(begun);
          return new Fetched.Held(RELEASE);
        });
    orders.ask(ORDER, CHANNEL);
    begun.await();
    orders.close();
    OrderBook again = OrderBook.open(folder.resolve("orders.json"), 10);
    assertEquals(Optional.of(RELEASE.digest()), again.find(ORDER));
  }

  @Test
  void what_a_stop_interrupts_is_no_failure() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Orders orders =
        orders(_ -> {
          busy(begun);
          throw new IllegalStateException("interrupted");
        });
    orders.ask(ORDER, CHANNEL);
    begun.await();
    orders.close();
    assertInstanceOf(OrderStatus.Coming.class, orders.look(ORDER));
    assertEquals(
        "this appliance is being stopped",
        assertInstanceOf(OrderStatus.Failed.class, orders.ask(ORDER, CHANNEL)).why());
  }

  @Test
  void who_is_held_gets_what_was_made() {
    CountDownLatch go = new CountDownLatch(1);
    try (Orders orders = orders(_ -> waited(go));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      HeldRequests held = new HeldRequests(orders, 2, Duration.ofMinutes(1));
      List<Future<OrderStatus>> asked = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        asked.add(threads.submit(() -> held.ask(ORDER, CHANNEL)));
      }
      // no more than two are held, and the others are told at once
      await(() -> held.held() == 2 && asked.stream().filter(Future::isDone).count() == 3);
      go.countDown();
      List<OrderStatus> told = asked.stream().map(OrdersTest::got).toList();
      assertEquals(2, told.stream().filter(OrderStatus.Ready.class::isInstance).count());
      assertEquals(3, told.stream().filter(OrderStatus.Coming.class::isInstance).count());
    }
  }

  private static Fetched waited(CountDownLatch go) {
    try {
      go.await();
      return new Fetched.Held(RELEASE);
    } catch (InterruptedException e) {
      return new Fetched.Failed(Refresh.Trouble.BUSY, "stopped", null);
    }
  }

  private static OrderStatus got(Future<OrderStatus> asked) {
    try {
      return asked.get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void nobody_is_held_for_ever() {
    try (Orders orders = orders(_ -> waited(new CountDownLatch(1)))) {
      HeldRequests held = new HeldRequests(orders, 2, Duration.ofMillis(20));
      assertInstanceOf(OrderStatus.Coming.class, held.ask(ORDER, CHANNEL));
      assertEquals(0, held.held());
    }
  }

  @Test
  void a_stop_lets_those_go_who_are_held() {
    try (Orders orders = orders(_ -> waited(new CountDownLatch(1)));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      HeldRequests held = new HeldRequests(orders, 2, Duration.ofMinutes(10));
      Future<OrderStatus> asked = threads.submit(() -> held.ask(ORDER, CHANNEL));
      await(() -> held.held() == 1);
      held.letGo();
      assertInstanceOf(OrderStatus.Coming.class, got(asked));
      assertInstanceOf(OrderStatus.Coming.class, held.ask(ORDER, CHANNEL));
    }
  }

  @Test
  void a_kernel_is_found_in_whatever_was_made_for_its_architecture() {
    book.add(ORDER, RELEASE.digest());
    Order kernel = new Order("ab", "v1.13.9", List.of(Arch.ARM64), "nocloud", Output.INITRAMFS);
    assertEquals(Set.of(RELEASE.digest()), book.alike(kernel));
    Order other = new Order("ab", "v1.13.8", List.of(Arch.ARM64), "metal", Output.INITRAMFS);
    assertEquals(Set.of(), book.alike(other));
  }

  @Test
  void kernel_and_initramfs_are_of_one_release_whatever_is_asked_for_in_between() {
    List<Release> made = List.of(release(1), release(2), release(3));
    book.add(ORDER, made.get(0).digest());
    book.add(iso("metal"), made.get(1).digest());
    Order initramfs = new Order("ab", "v1.13.9", List.of(Arch.AMD64), "metal", Output.INITRAMFS);
    var wanted = new OrderStatus.Ready(made.get(0));
    try (Orders orders =
        new Orders(_ -> new Fetched.Held(RELEASE), book, of(made), 1, System::nanoTime)) {
      assertEquals(wanted, orders.askAny(initramfs, CHANNEL));
      orders.ask(ORDER, CHANNEL); // which is the one asked for last now
      assertEquals(wanted, orders.askAny(initramfs, CHANNEL));
      book.add(initramfs, made.get(2).digest());
      assertEquals(wanted, orders.askAny(initramfs, CHANNEL));
    }
  }

  private static Order iso(String platform) {
    return new Order("ab", "v1.13.9", List.of(Arch.AMD64), platform, Output.ISO);
  }

  /** Made at that second, of inputs that moved since the ones before. */
  private static Release release(int second) {
    return new Release(
        Digest.of(new byte[] {0, (byte) second}),
        "build:x",
        RELEASE.builds(),
        Instant.EPOCH.plusSeconds(second));
  }

  private static Function<Digest, Optional<Release>> of(List<Release> made) {
    return digest -> made.stream().filter(release -> release.digest().equals(digest)).findFirst();
  }
}
