package dev.moonboot.assets.store;

import static dev.moonboot.assets.store.StoreFixture.image;
import static dev.moonboot.assets.store.StoreFixture.names;
import static dev.moonboot.assets.store.StoreFixture.publish;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.Roots;
import dev.moonboot.assets.Sweep;
import dev.moonboot.assets.Sweep.Kept;
import dev.moonboot.assets.Sweep.Reason;
import dev.moonboot.assets.WallClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a sweep deletes and what it never does. */
class SweepTest {
  private static final Instant NOW = WallClock.BUILT.plusSeconds(1);

  @TempDir Path root;
  private final AtomicLong nanos = new AtomicLong();
  private AssetStore store;

  @BeforeEach
  void open() throws IOException {
    store = AssetStore.open(root, root.resolve("state"), nanos::get);
  }

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  private void pass(int minutes) {
    nanos.addAndGet(Duration.ofMinutes(minutes).toNanos());
  }

  private static Roots roots(String... channels) {
    return new Roots(Set.of(channels), Set.of(), Set.of());
  }

  private Sweep sweep(Roots roots) throws IOException {
    return store.sweep(new SweepOrder(roots, 0, false, NOW));
  }

  /** Two sweeps, with the time between them that must pass before anything goes. */
  private Sweep sweepTwice(Roots roots) throws IOException {
    sweep(roots);
    pass(60);
    return sweep(roots);
  }

  private void publishAll(String channel, String... names) throws IOException {
    for (String name : names) {
      publish(store, channel, name, "initramfs");
    }
  }

  private static Map<Digest, Set<Reason>> why(Sweep sweep) {
    return sweep.kept().stream().collect(Collectors.toMap(Kept::release, Kept::reasons));
  }

  private static List<Digest> deleted(Sweep sweep) {
    return sweep.deleted().stream().map(Sweep.Deleted::release).toList();
  }

  private List<Digest> history(String channel) {
    return store.releases(channel).stream().map(Release::digest).toList();
  }

  private static List<Digest> images(String... names) {
    return Stream.of(names).map(StoreFixture::image).toList();
  }

  private static List<String> blobs(String... texts) {
    return Stream.of(texts).map(text -> Digest.of(text.getBytes(UTF_8)).hex()).sorted().toList();
  }

  private List<String> blobsOnDisk() throws IOException {
    return names(root.resolve("blobs/sha256"));
  }

  private void reopen() throws IOException {
    store.close();
    open();
  }

  @Test
  void c_20_head_and_two_before_it_stay_and_an_older_one_goes() throws IOException {
    publishAll("custom", "a", "b", "c", "d");
    Sweep sweep = sweepTwice(roots("custom"));
    assertEquals(
        List.of(new Sweep.Deleted(image("a"), "kernel a".length())),
        sweep.deleted()); // the initramfs is shared, and stays
    assertEquals(
        Map.of(
            image("d"), Set.of(Reason.HEAD),
            image("c"), Set.of(Reason.PREVIOUS),
            image("b"), Set.of(Reason.PREVIOUS)),
        why(sweep));
    assertEquals(images("d", "c", "b"), history("custom"));
    assertEquals(blobs("kernel b", "kernel c", "kernel d", "initramfs"), blobsOnDisk());
    assertEquals(
        Stream.of("b", "c", "d").map(n -> image(n).fileName() + ".json").sorted().toList(),
        names(root.resolve("releases")));
    reopen();
    assertEquals(images("d", "c", "b"), history("custom"));
  }

  @Test
  void s_15_what_is_deleted_is_damaged_no_more() throws IOException {
    publishAll("custom", "a", "b");
    Path kernel = root.resolve("blobs/sha256").resolve(blobs("kernel a").getFirst());
    Files.delete(kernel);
    List<Set<Digest>> told = new CopyOnWriteArrayList<>();
    store.watch(damage -> told.add(damage.releases()));
    store.scrub(Progress.NONE);
    assertEquals(Set.of(image("a")), told.getLast());
    sweepTwice(roots());
    assertEquals(List.of(), names(root.resolve("releases")));
    assertEquals(Set.of(), told.getLast());
  }

  @Test
  void c_20_more_stay_where_more_are_to_be_kept() throws IOException {
    publishAll("custom", "a", "b", "c", "d", "e");
    for (int i = 0; i < 2; i++) {
      store.sweep(new SweepOrder(roots("custom"), 3, false, NOW));
      pass(60);
    }
    assertEquals(images("e", "d", "c", "b"), history("custom"));
  }

  @Test
  void c_13_c_20_what_is_pinned_or_was_served_stays() throws IOException {
    publishAll("custom", "a", "b", "c", "d", "e");
    Roots roots = new Roots(Set.of("custom"), Set.of(image("a")), Set.of(image("a"), image("b")));
    Map<Digest, Set<Reason>> why = why(sweepTwice(roots));
    assertEquals(Set.of(Reason.PINNED, Reason.SERVED), why.get(image("a")));
    assertEquals(Set.of(Reason.SERVED), why.get(image("b")));
    assertEquals(5, why.size());
    assertEquals(Set.copyOf(images("a", "b")), Set.copyOf(deleted(sweepTwice(roots("custom")))));
  }

  @Test
  void c_20_nothing_goes_that_was_needed_within_the_hour() throws IOException {
    publishAll("custom", "a", "b", "c", "d");
    pass(600); // nobody looked, so nothing is known of that time
    assertEquals(Set.of(Reason.GRACE), why(sweep(roots("custom"))).get(image("a")));
    pass(59);
    assertEquals(List.of(), sweep(roots("custom")).deleted());
    Roots pinned = new Roots(Set.of("custom"), Set.of(image("a")), Set.of());
    sweep(pinned);
    pass(30); // the hour begins anew
    assertEquals(List.of(), sweep(roots("custom")).deleted());
    pass(59);
    assertEquals(List.of(), sweep(roots("custom")).deleted());
    pass(1);
    assertEquals(images("a"), deleted(sweep(roots("custom"))));
  }

  @Test
  void c_20_a_start_begins_the_hour_anew() throws IOException {
    publishAll("custom", "a", "b", "c", "d");
    sweep(roots("custom"));
    pass(600);
    reopen();
    assertEquals(List.of(), sweep(roots("custom")).deleted());
    pass(60);
    assertEquals(images("a"), deleted(sweep(roots("custom"))));
  }

  @Test
  void c_20_a_clock_that_was_not_set_deletes_nothing() throws IOException {
    publishAll("custom", "a", "b", "c", "d");
    sweep(roots("custom"));
    pass(600);
    Sweep unset = store.sweep(new SweepOrder(roots("custom"), 0, false, Instant.EPOCH));
    assertEquals(List.of(), unset.deleted());
    assertEquals(
        "the clock says 1970-01-01T00:00:00Z, which is before this was built", unset.postponed());
    assertEquals(images("a"), deleted(sweep(roots("custom"))));
  }

  @Test
  void c_20_a_dry_run_says_what_would_go_and_changes_nothing() throws IOException {
    publishAll("custom", "a", "b", "c", "d");
    SweepOrder dry = new SweepOrder(roots("custom"), 0, true, NOW);
    store.sweep(dry);
    pass(60);
    assertEquals(List.of(), store.sweep(dry).deleted()); // the first was none that counts
    sweep(roots("custom"));
    pass(60);
    Sweep would = store.sweep(dry);
    assertEquals(images("a"), deleted(would));
    assertEquals(images("d", "c", "b", "a"), history("custom"));
    assertEquals(would.deleted(), sweep(roots("custom")).deleted());
  }

  @Test
  void c_20_a_release_that_another_channel_needs_stays() throws IOException {
    publishAll("custom", "a");
    store.heads().advance(StoreFixture.channel("stable"), image("a"));
    publishAll("custom", "b", "c", "d");
    assertEquals(Set.of(Reason.HEAD), why(sweepTwice(roots("custom", "stable"))).get(image("a")));
    assertEquals(images("a"), history("stable"));
  }

  @Test
  void releases_of_a_channel_that_is_followed_no_more_go_and_its_record_stays() throws IOException {
    publishAll("gone", "a", "b");
    publishAll("custom", "b", "c");
    sweepTwice(roots("custom"));
    assertEquals(images("c", "b"), history("custom"));
    assertEquals(images("b"), history("gone"));
    assertEquals(blobs("kernel b", "kernel c", "initramfs"), blobsOnDisk());
    assertTrue(names(root.resolve("state/channels")).contains("gone.0"));
  }

  @Test
  void c_20_what_work_under_way_needs_stays() throws IOException {
    publishAll("custom", "a");
    try (Ingest ingest = store.ingest(image("new"))) {
      assertTrue(
          ingest.known(Content.BOOT, StoreFixture.ARCH, List.of(image("layer a"))).isPresent());
      publishAll("custom", "b", "c", "d");
      assertEquals(Set.of(Reason.IN_USE), why(sweepTwice(roots("custom"))).get(image("a")));
    }
    assertEquals(images("a"), deleted(sweepTwice(roots("custom"))));
  }

  @Test
  void a_tag_that_goes_back_finds_its_release_and_it_is_the_newest() throws IOException {
    publishAll("custom", "a", "b");
    store.heads().advance(StoreFixture.channel("custom"), image("a"));
    sweepTwice(roots("custom"));
    assertEquals(images("a", "b"), history("custom"));
  }

  @Test
  void blobs_that_no_release_has_go_after_an_hour_too() throws IOException {
    publishAll("custom", "a");
    try (Ingest ingest = store.ingest(image("failed"))) {
      StoreFixture.commit(ingest, AssetName.VMLINUZ, "stray");
      sweep(roots("custom"));
      pass(60);
    }
    assertEquals(Sweep.Strays.NONE, sweep(roots("custom")).strays()); // needed until now
    pass(60);
    assertEquals(new Sweep.Strays(1, 5), sweep(roots("custom")).strays());
    assertEquals(blobs("kernel a", "initramfs"), blobsOnDisk());
  }
}
