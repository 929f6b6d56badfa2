package dev.moonboot.assets.cache;

import static dev.moonboot.assets.cache.CacheFixture.refresh;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Composition.Base;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Trouble;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.compose.InitramfsComposer;
import dev.moonboot.testing.ExtensionImages;
import dev.moonboot.testing.FakeRegistryFault;
import dev.moonboot.testing.FakeRegistryRequest.Kind;
import dev.moonboot.testing.LogCapture;
import dev.moonboot.testing.TestImage;
import dev.moonboot.testing.TestImages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cache that is closed while it composes. */
class ComposeStopTest {
  /** Whole seconds less than any of these compositions takes. */
  private static final Duration PROMPTLY = Duration.ofSeconds(4);

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int LARGE = 24 << 20;

  private static final TestImages.Content TALOS =
      new TestImages.Content("v1.13.9", "6.18.9-talos", "", List.of(), 64 << 10, 1);

  @TempDir Path root;

  private final CountDownLatch composes = new CountDownLatch(1);

  private ComposeLab lab() {
    ComposeLab lab = new ComposeLab(root);
    lab.push(ComposeLab.IMAGER, "v1.13.9", TestImages.imager(TALOS));
    lab.making = ComposeLab.Making.REAL;
    lab.real =
        (order, scratch) -> {
          composes.countDown();
          return InitramfsComposer.compose(order, scratch);
        };
    lab.reopen();
    return lab;
  }

  /** What takes long to pack. */
  private static TestImage large(String path) {
    byte[] noise = new byte[LARGE];
    new Random(1).nextBytes(noise);
    return ExtensionImages.of(
        ExtensionImages.manifest("two", "v2"), (tar, arch) -> tar.file(path, noise));
  }

  /** Closes the cache once {@code ready}; the look has ended then, and nothing of it is left. */
  private void stops(ComposeLab lab, BooleanSupplier ready) throws Exception {
    Channel channel = lab.channel();
    try (LogCapture log = new LogCapture("dev.moonboot.assets");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Refresh> look = threads.submit(() -> refresh(lab.cache(), channel));
      await(ready, look);
      long start = System.nanoTime();
      lab.cache().close();
      Failed failed = assertInstanceOf(Failed.class, look.get());
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      assertEquals(Trouble.STOPPED, failed.trouble(), failed.why());
      assertTrue(took.compareTo(PROMPTLY) < 0, () -> "it took " + took);
      assertEquals(List.of(), log.messages(Level.WARNING));
    }
    try (Stream<Path> all = Files.walk(root.resolve("ingest"))) {
      assertEquals(
          List.of(), all.filter(path -> path.getFileName().toString().equals("work")).toList());
    }
    lab.reopen();
    assertEquals(Optional.empty(), lab.cache().head(channel));
    Invariants.check(root, lab.cache(), channel);
  }

  private static void await(BooleanSupplier ready, Future<?> unless) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!ready.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it does not get so far");
      assertTrue(!unless.isDone(), () -> "it ended before: " + unless.resultNow());
      LockSupport.parkNanos(1_000_000);
    }
  }

  private boolean isComposing() {
    return composes.getCount() == 0;
  }

  @Test
  void packing_a_layer_ends_at_once() throws Exception {
    try (ComposeLab lab = lab()) {
      lab.push("acme/two", "v1", large("rootfs/usr/local/share/two"));
      stops(lab, () -> isComposing() && hasGrown(1 << 20));
    }
  }

  @Test
  void packing_firmware_with_xz_ends_at_once() throws Exception {
    try (ComposeLab lab = lab()) {
      lab.push(
          ComposeLab.IMAGER,
          "v1.7.6",
          TestImages.imager(
              new TestImages.Content("v1.7.6", "6.6.9-talos", "", List.of(), 64 << 10, 1)));
      lab.base = new Base.Image(lab.image(ComposeLab.IMAGER, "v1.7.6"));
      lab.push("acme/two", "v1", large("rootfs/lib/firmware/two.bin"));
      stops(lab, () -> isComposing() && Files.exists(initramfs().resolve("extensions")));
    }
  }

  private Path initramfs() {
    try (Stream<Path> all = Files.walk(root.resolve("ingest"))) {
      return all.filter(path -> path.endsWith("amd64/initramfs")).findFirst().orElse(root);
    } catch (IOException | UncheckedIOException e) {
      return root;
    }
  }

  private boolean hasGrown(long bytes) {
    try (Stream<Path> all = Files.walk(initramfs())) {
      return all.filter(Files::isRegularFile).anyMatch(path -> path.toFile().length() > bytes);
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  @Test
  void a_pull_that_waits_for_its_registry_ends_at_once_and_is_resumed() throws Exception {
    try (ComposeLab lab = lab()) {
      lab.registry.fault(
          request -> request.kind() == Kind.BLOB && request.path().contains("acme/two"),
          100,
          FakeRegistryFault.stallingAfter(20));
      stops(lab, () -> lab.pulls("acme/two") > 0);
      lab.registry.heal();
      assertInstanceOf(Updated.class, refresh(lab.cache(), lab.channel()));
    }
  }

  @Test
  void who_waits_for_another_to_compose_ends_too() throws Exception {
    try (ComposeLab lab = lab()) {
      lab.push("acme/two", "v1", large("rootfs/usr/local/share/two"));
      Channel first = lab.channel();
      lab.extensions.removeFirst();
      CountDownLatch looked = new CountDownLatch(1);
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        threads.execute(() -> refresh(lab.cache(), renamed(first)));
        composes.await();
        Progress told =
            new Progress() {
              @Override
              public void step(String name, String detail) {
                if (name.equals("lint")) {
                  looked.countDown();
                }
              }
            };
        Future<Refresh> second = threads.submit(() -> lab.cache().refresh(lab.channel(), told));
        looked.await();
        long start = System.nanoTime();
        lab.cache().close();
        assertEquals(Trouble.STOPPED, assertInstanceOf(Failed.class, second.get()).trouble());
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(PROMPTLY) < 0, () -> "it took " + took);
      }
      lab.reopen();
    }
  }

  private static Channel renamed(Channel channel) {
    SourceImage source = channel.image().source();
    return new Channel("other", new ImageReference(source, null, null), channel.arches());
  }
}
