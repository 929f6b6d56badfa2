package dev.moonboot.assets.store;

import static dev.moonboot.assets.store.StoreFixture.image;
import static dev.moonboot.assets.store.StoreFixture.names;
import static dev.moonboot.assets.store.StoreFixture.publish;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a sweep deletes and what it never does. */
class SweepTest {
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

  private List<Digest> history(String channel) {
    return store.releases(channel).stream().map(Release::digest).toList();
  }

  private static List<Digest> images(String... names) {
    return Stream.of(names).map(StoreFixture::image).toList();
  }

  private static List<String> blobs(String... texts) {
    return Stream.of(texts).map(text -> Digest.of(text.getBytes(UTF_8)).hex()).sorted().toList();
  }

  @Test
  void the_head_and_the_newest_before_it_stay_and_older_ones_go() throws IOException {
    for (String name : List.of("a", "b", "c", "d")) {
      publish(store, "custom", name, "initramfs");
    }
    pass(31);
    store.sweep(1);
    assertEquals(images("d", "c"), history("custom"));
    assertEquals(
        Stream.of("c", "d").map(n -> image(n).fileName() + ".json").sorted().toList(),
        names(root.resolve("releases")));
    assertEquals(blobs("kernel c", "kernel d", "initramfs"), names(root.resolve("blobs/sha256")));
    store.close();
    store = AssetStore.open(root, root.resolve("state"), nanos::get);
    assertEquals(images("d", "c"), history("custom"));
  }

  @Test
  void what_was_the_head_within_half_an_hour_stays() throws IOException {
    publish(store, "custom", "a");
    pass(600);
    publish(store, "custom", "b"); // now a stops being the head
    pass(29);
    store.sweep(0);
    assertEquals(images("b", "a"), history("custom"));
    pass(1);
    store.sweep(0);
    assertEquals(images("b"), history("custom"));
  }

  @Test
  void after_a_start_half_an_hour_passes_before_anything_goes() throws IOException {
    publish(store, "custom", "a");
    publish(store, "custom", "b");
    pass(600);
    store.close();
    store = AssetStore.open(root, root.resolve("state"), nanos::get);
    store.sweep(0);
    assertEquals(images("b", "a"), history("custom"));
  }

  @Test
  void a_release_that_another_channel_needs_stays() throws IOException {
    publish(store, "custom", "a");
    store.advance("stable", image("a"));
    publish(store, "custom", "b");
    pass(31);
    store.sweep(0);
    assertEquals(images("b"), history("custom"));
    assertEquals(images("a"), history("stable"));
  }

  @Test
  void blobs_that_work_under_way_needs_stay() throws IOException {
    publish(store, "custom", "a");
    try (Ingest ingest = store.ingest(image("c"))) {
      assertTrue(ingest.known(StoreFixture.ARCH, List.of(image("layer a"))).isPresent());
      publish(store, "custom", "b");
      pass(31);
      store.sweep(0);
      assertEquals(images("b"), history("custom"));
      assertEquals(
          blobs("kernel a", "initramfs a", "kernel b", "initramfs b"),
          names(root.resolve("blobs/sha256")));
    }
  }

  @Test
  void a_tag_that_goes_back_finds_its_release_and_it_is_the_newest() throws IOException {
    publish(store, "custom", "a");
    publish(store, "custom", "b");
    store.advance("custom", image("a"));
    pass(31);
    store.sweep(0);
    assertEquals(images("a"), history("custom"));
  }
}
