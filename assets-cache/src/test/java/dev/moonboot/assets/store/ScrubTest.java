package dev.moonboot.assets.store;

import static dev.moonboot.assets.store.StoreFixture.ARCH;
import static dev.moonboot.assets.store.StoreFixture.image;
import static dev.moonboot.assets.store.StoreFixture.names;
import static dev.moonboot.assets.store.StoreFixture.publish;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Damage;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.Scrub;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How damage is found, and what becomes of the releases that have it. */
class ScrubTest {
  private static final Duration WEEK = Duration.ofDays(7);

  @TempDir Path root;
  private Release one;
  private Release two;
  private final List<Damage> told = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void two_releases_are_held() throws IOException {
    try (AssetStore store = open(1 << 30)) {
      one = publish(store, "custom", "one", "shared");
      two = publish(store, "custom", "two", "shared");
    }
  }

  private AssetStore open(long bytesPerSecond) throws IOException {
    return AssetStore.open(
        root, root.resolve("state"), System::nanoTime, new ScrubPace(bytesPerSecond, WEEK));
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.call()) {
      assertTrue(System.nanoTime() < end, "it did not come true within 20 s");
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static Path file(Release release, AssetName name) {
    return release.asset(ARCH, name).orElseThrow().file();
  }

  private static Digest digest(String text) {
    return Digest.of(text.getBytes(UTF_8));
  }

  /** Turns one bit over, and leaves everything else of the file as it was. */
  private static void flip(Path file) throws IOException {
    FileTime before = Files.getLastModifiedTime(file);
    boolean writable = file.toFile().setWritable(true);
    assertTrue(writable);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, 3);
      one.put(0, (byte) (one.get(0) ^ 1)).rewind();
      channel.write(one, 3);
    }
    Files.setLastModifiedTime(file, before);
  }

  @Test
  void s_15_a_bit_that_flipped_while_running_is_found_and_served_no_more() throws Exception {
    try (AssetStore store = open(1 << 30)) {
      store.watch(told::add);
      flip(file(two, AssetName.VMLINUZ));
      store.scrub(Progress.NONE); // or the one that began at the start
      Digest kernel = digest("kernel two");
      assertEquals(Optional.empty(), store.release(two.digest()));
      assertEquals(List.of(one), store.releases("custom"));
      assertEquals(List.of(two), store.damaged());
      assertEquals(List.of(kernel.hex()), names(root.resolve("quarantine")));
      assertEquals(
          List.of(
              new Damage(Set.of(), Set.of()),
              new Damage(Set.of(two.digest()), Set.of(file(two, AssetName.VMLINUZ)))),
          told);
    }
  }

  @Test
  void s_15_a_bit_that_flipped_while_stopped_is_found_by_the_scrub_of_the_start() throws Exception {
    flip(file(two, AssetName.VMLINUZ)); // its time of change is as it was
    try (AssetStore store = open(1 << 30)) {
      await(() -> store.damaged().equals(List.of(two)));
      assertEquals(Optional.empty(), store.release(two.digest()));
    }
  }

  @Test
  void every_release_that_shares_a_damaged_file_is_damaged_and_one_pull_heals_them_all()
      throws Exception {
    try (AssetStore store = open(1 << 30)) {
      store.watch(told::add);
      flip(file(two, AssetName.INITRAMFS));
      store.scrub(Progress.NONE);
      assertEquals(List.of(), store.releases("custom"));
      assertEquals(Set.of(one, two), Set.copyOf(store.damaged()));
      assertEquals(two, publish(store, "custom", "two", "shared"));
      assertEquals(List.of(two, one), store.releases("custom"));
      assertEquals(List.of(), store.damaged());
      await(() -> told.getLast().releases().isEmpty());
      assertEquals("shared", Files.readString(file(two, AssetName.INITRAMFS)));
    }
  }

  @Test
  void what_is_found_right_is_counted_and_damage_is_named() throws Exception {
    try (AssetStore store = open(1 << 30)) {
      List<String> steps = new ArrayList<>();
      Scrub clean =
          store.scrub(
              new Progress() {
                @Override
                public void step(String name, String detail) {
                  steps.add(name + " " + detail);
                }

                @Override
                public void bytes(long done, long total) {
                  steps.add(done + "/" + total);
                }
              });
      assertEquals(3, clean.files());
      assertEquals(26, clean.bytes());
      assertEquals(List.of(), clean.damaged());
      assertEquals("scrub 3 files", steps.getFirst());
      assertEquals("26/26", steps.getLast());
      Files.delete(file(one, AssetName.VMLINUZ));
      Scrub missing = store.scrub(Progress.NONE);
      assertEquals(List.of(digest("kernel one")), missing.damaged());
      assertEquals(List.of(one.digest()), missing.releases());
    }
  }

  @Test
  void work_that_counted_on_a_file_that_was_damaged_meanwhile_is_not_published() throws Exception {
    try (AssetStore store = open(1 << 30);
        Ingest ingest = store.ingest(image("three"))) {
      assertTrue(ingest.known(Content.BOOT, ARCH, List.of(image("layer two"))).isPresent());
      flip(file(two, AssetName.VMLINUZ));
      store.scrub(Progress.NONE);
      Release three = new Release(image("three"), two.source(), two.builds(), two.created());
      StoreException refused = assertThrows(StoreException.class, () -> ingest.publish(three));
      assertEquals(StoreException.Reason.DAMAGED, refused.reason());
      assertEquals(List.of(one), store.releases("custom"));
    }
  }

  @Test
  void only_the_newest_few_damaged_files_are_kept_for_whoever_wants_to_know() throws Exception {
    try (AssetStore store = open(1 << 30)) {
      for (int i = 0; i < 7; i++) {
        Release release = publish(store, "custom", "r" + i, "shared");
        flip(file(release, AssetName.VMLINUZ));
        store.scrub(Progress.NONE);
      }
      assertEquals(7, names(root.resolve("quarantine")).size());
    }
    try (AssetStore store = open(1 << 30)) {
      await(() -> names(root.resolve("quarantine")).size() == Quarantine.MOST);
      store.makeRoom();
      assertEquals(List.of(), names(root.resolve("quarantine")));
    }
  }

  @Test
  void c_19_a_scrub_reads_no_faster_than_it_may_and_takes_little_of_a_processor() throws Exception {
    int size = 6 << 20;
    try (AssetStore store = open(20 << 20)) {
      publish(store, "custom", "large", "x".repeat(size));
      var threads = ManagementFactory.getThreadMXBean();
      long cpu = threads.getCurrentThreadCpuTime();
      Scrub scrub = store.scrub(Progress.NONE);
      cpu = threads.getCurrentThreadCpuTime() - cpu;
      double seconds = scrub.took().toNanos() / 1e9;
      double rate = scrub.bytes() / seconds / (1 << 20);
      System.out.printf("scrub mib_per_second=%.1f cpu=%.1f%%%n", rate, cpu / 1e7 / seconds);
      assertTrue(rate <= 20.5, "read with " + rate + " MiB/s");
      assertTrue(cpu <= 0.2e9 * seconds, "took " + cpu + " ns of CPU in " + seconds + " s");
    }
  }

  @Test
  void a_store_closes_at_once_while_it_is_scrubbed() throws Exception {
    AssetStore store = open(1); // a byte a second
    long start = System.nanoTime();
    store.close();
    assertTrue(System.nanoTime() - start < Duration.ofSeconds(5).toNanos());
    assertEquals(List.of(), store.damaged()); // an interrupted read is no damage
    Thread.currentThread().interrupt();
    assertThrows(InterruptedIOException.class, () -> store.scrub(Progress.NONE));
    assertTrue(Thread.interrupted());
  }

  @Test
  void b_07_a_start_hashes_nothing_before_it_serves() throws Exception {
    try (AssetStore store = open(1)) { // it would take minutes to hash anything
      assertEquals(List.of(two, one), store.releases("custom"));
    }
    Files.setLastModifiedTime(file(two, AssetName.VMLINUZ), FileTime.fromMillis(5));
    try (AssetStore store = open(1)) {
      await(() -> store.releases("custom").equals(List.of(two, one))); // in no time
    }
  }
}
