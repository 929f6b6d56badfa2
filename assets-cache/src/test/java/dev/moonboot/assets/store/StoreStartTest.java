package dev.moonboot.assets.store;

import static dev.moonboot.assets.store.StoreFixture.image;
import static dev.moonboot.assets.store.StoreFixture.names;
import static dev.moonboot.assets.store.StoreFixture.publish;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store makes of what it finds when it is opened. */
class StoreStartTest {
  @TempDir Path root;
  private Release one;
  private Release two;

  @BeforeEach
  void two_releases_are_held() throws IOException {
    try (AssetStore store = AssetStore.open(root, root.resolve("state"))) {
      one = publish(store, "custom", "one");
      two = publish(store, "custom", "two");
    }
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.call()) {
      assertTrue(System.nanoTime() < end, "it did not come true within 10 s");
      LockSupport.parkNanos(1_000_000);
    }
  }

  private List<Release> found() throws IOException {
    try (AssetStore store = AssetStore.open(root, root.resolve("state"))) {
      return store.releases("custom");
    }
  }

  private static Path kernel(Release release) {
    Asset kernel = release.asset(StoreFixture.ARCH, AssetName.VMLINUZ).orElseThrow();
    return kernel.file();
  }

  private static void overwrite(Path file, String text) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    Files.writeString(file, text);
  }

  @Test
  void c_15_strange_and_stray_files_do_not_delay_the_start_and_leftovers_go() throws Exception {
    Files.createDirectories(root.resolve("lost+found"));
    Files.writeString(root.resolve("blobs/sha256/README"), "not ours");
    Files.writeString(root.resolve("state/channels/notes.txt"), "not ours");
    Path part = Files.writeString(root.resolve("releases/.sha256-x.json.99999999-1.part"), "x");
    Path recipe =
        Files.writeString(
            Files.createDirectories(root.resolve("state/recipes"))
                .resolve(".sha256-x.json." + ProcessHandle.current().pid() + "-1.part"),
            "x"); // the process before this one may have had its id: in containers all have one
    Path orphan =
        Files.writeString(
            root.resolve("blobs/sha256/" + Digest.of("orphan".getBytes(UTF_8)).hex()), "orphan");
    strayIngests(10_000);
    Files.writeString(root.resolve("ingest/old.part"), "x");
    long start = System.nanoTime();
    try (AssetStore store = AssetStore.open(root, root.resolve("state"))) {
      assertEquals(List.of(two, one), store.releases("custom"));
      assertTrue(System.nanoTime() - start < Duration.ofSeconds(5).toNanos(), "slow start");
      await(() -> !Files.exists(part) && !Files.exists(recipe));
      assertTrue(Files.exists(orphan)); // it goes with a later sweep
      assertTrue(Files.exists(root.resolve("blobs/sha256/README")));
      assertTrue(Files.exists(root.resolve("lost+found")));
    }
    assertEquals(List.of(two, one), found());
  }

  private void strayIngests(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      Files.createDirectory(root.resolve("ingest/" + image("stray " + i).hex()));
    }
  }

  @Test
  void c_15_stray_ingests_go_in_the_background() throws Exception {
    strayIngests(200);
    Files.createDirectories(root.resolve("ingest/unknown/deep/tree"));
    Files.createDirectories(root.resolve("ingest/" + image("stray 0").hex() + "/work/arm64"));
    try (AssetStore store = AssetStore.open(root, root.resolve("state"))) {
      assertEquals(List.of(two, one), store.releases("custom"));
      await(() -> names(root.resolve("ingest")).size() <= 4);
    }
  }

  @Test
  void the_newest_interrupted_pulls_can_be_resumed_and_a_finished_one_leaves_nothing()
      throws Exception {
    Path layers = root.resolve("ingest/" + image("three").hex() + "/layers");
    Files.writeString(Files.createDirectories(layers).resolve("part"), "half");
    Path finished = Files.createDirectories(root.resolve("ingest/" + image("two").hex()));
    try (AssetStore store = AssetStore.open(root, root.resolve("state"))) {
      await(() -> !Files.exists(finished));
      try (Ingest ingest = store.ingest(image("three"))) {
        assertEquals(List.of("part"), names(ingest.layers()));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "kernel tw", "kernel two and more", "KERNEL TWO"})
  void a_damaged_blob_is_never_served_and_the_release_before_is(String damaged) throws Exception {
    Digest kernel = Digest.of("kernel two".getBytes(UTF_8));
    overwrite(kernel(two), damaged);
    try (AssetStore store = AssetStore.open(root, root.resolve("state"))) {
      assertEquals(List.of(one), store.releases("custom"));
      await(() -> store.damaged().equals(List.of(two)));
      assertEquals(List.of(one), store.releases("custom"));
      assertEquals(List.of(kernel.hex()), names(root.resolve("quarantine")));
    }
    try (AssetStore store = AssetStore.open(root, root.resolve("state"))) {
      assertFalse(
          store
              .heads()
              .isHead(StoreFixture.channel("custom"), image("two"))); // so it will be fetched again
      assertEquals(two, publish(store, "custom", "two"));
      assertEquals(List.of(two, one), store.releases("custom"));
    }
  }

  @Test
  void b_07_a_blob_that_was_only_touched_is_served_once_it_was_hashed() throws Exception {
    overwrite(kernel(two), "kernel two");
    try (AssetStore store = AssetStore.open(root, root.resolve("state"))) {
      await(() -> store.releases("custom").equals(List.of(two, one)));
    }
    assertEquals(List.of(two, one), found()); // and has its mark back
  }

  @Test
  void a_missing_blob_makes_its_release_unusable() throws IOException {
    Files.delete(kernel(two));
    assertEquals(List.of(one), found());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"schema\":1}\n"})
  void c_16_a_damaged_slot_of_a_channel_leaves_the_state_before(String text) throws IOException {
    Path newest = root.resolve("state/channels/custom.0"); // serial 2
    Files.writeString(newest, text);
    assertEquals(List.of(one), found());
    try (AssetStore store = AssetStore.open(root, root.resolve("state"))) {
      store.heads().advance(StoreFixture.channel("custom"), image("two"));
    }
    assertEquals(List.of(two, one), found());
  }

  @Test
  void c_16_a_changed_digit_in_a_record_is_noticed_and_nothing_is_deleted_for_it()
      throws IOException {
    Path record = root.resolve("releases/" + image("two").fileName() + ".json");
    Files.writeString(record, Files.readString(record).replace("v1.13.6", "v1.13.7"));
    assertEquals(List.of(one), found());
    assertTrue(Files.exists(kernel(two)));
  }

  @Test
  void a_cut_record_is_left_out() throws IOException {
    Path record = root.resolve("releases/" + image("two").fileName() + ".json");
    try (var channel = Files.newByteChannel(record, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 1);
    }
    assertEquals(List.of(one), found());
  }

  @Test
  void a_store_that_was_empty_has_no_channel_whose_state_is_lost(@TempDir Path empty)
      throws IOException {
    try (AssetStore store = AssetStore.open(empty, empty.resolve("state"))) {
      publish(store, "custom", "one");
      Channel custom = StoreFixture.channel("custom");
      Channel coming = new Channel("coming", custom.image(), custom.arches());
      store.heads().recover(coming); // its first pull has not ended yet
      assertEquals(List.of(), store.heads().recoveries());
      assertEquals(Optional.empty(), store.heads().head(coming));
    }
  }

  @Test
  void c_17_a_second_store_on_the_directory_is_refused() throws IOException {
    try (AssetStore store = AssetStore.open(root, root.resolve("state"))) {
      StoreException refused =
          assertThrows(StoreException.class, () -> AssetStore.open(root, root.resolve("state")));
      assertEquals(StoreException.Reason.LOCKED, refused.reason());
      assertEquals(Optional.of(one), store.release(image("one")));
    }
    assertEquals(List.of(two, one), found());
  }
}
