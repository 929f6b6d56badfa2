package dev.moonboot.assets.store;

import static dev.moonboot.assets.store.StoreFixture.commit;
import static dev.moonboot.assets.store.StoreFixture.image;
import static dev.moonboot.assets.store.StoreFixture.names;
import static dev.moonboot.assets.store.StoreFixture.publish;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What any content store must do, and what this one promises besides. */
class AssetStoreTest {
  @TempDir Path root;

  private Path blob(Digest digest) {
    return new StoreLayout(root, root.resolve("state")).blob(digest);
  }

  @Test
  void what_was_published_is_there_when_the_store_is_opened_again() throws IOException {
    Release published;
    try (AssetStore store = AssetStore.open(root, root.resolve("state"))) {
      published = publish(store, "custom", "one");
      assertEquals(List.of(published), store.releases("custom"));
    }
    try (AssetStore store = AssetStore.open(root, root.resolve("state"))) {
      assertEquals(List.of(published), store.releases("custom"));
      assertEquals(Optional.of(published), store.release(image("one")));
      assertTrue(store.heads().isHead(StoreFixture.channel("custom"), image("one")));
      assertEquals(List.of(), store.releases("other"));
      Asset kernel = published.asset(StoreFixture.ARCH, AssetName.VMLINUZ).orElseThrow();
      assertEquals("kernel one", Files.readString(kernel.file()));
    }
  }

  @Test
  void nothing_of_an_ingest_is_visible_before_it_is_published() throws IOException {
    try (AssetStore store = AssetStore.open(root, root.resolve("state"))) {
      publish(store, "custom", "one");
      try (Ingest ingest = store.ingest(image("two"))) {
        commit(ingest, AssetName.VMLINUZ, "kernel two");
        assertEquals(Optional.empty(), store.release(image("two")));
        assertTrue(store.heads().isHead(StoreFixture.channel("custom"), image("one")));
      }
      assertEquals(Optional.empty(), store.release(image("two")));
      publish(store, "custom", "two");
      assertEquals(
          List.of(image("two"), image("one")),
          store.releases("custom").stream().map(Release::digest).toList());
    }
  }

  @Test
  void modes_are_those_of_the_layout_whatever_the_umask() throws IOException {
    try (AssetStore store = AssetStore.open(root, root.resolve("state"))) {
      Release release = publish(store, "custom", "one");
      Asset kernel = release.asset(StoreFixture.ARCH, AssetName.VMLINUZ).orElseThrow();
      assertEquals(
          PosixFilePermissions.fromString("r--r-----"),
          Files.getPosixFilePermissions(kernel.file()));
      for (String directory :
          List.of("ingest", "blobs", "blobs/sha256", "releases", "quarantine")) {
        assertEquals(
            PosixFilePermissions.fromString("rwxr-x---"),
            Files.getPosixFilePermissions(root.resolve(directory)),
            directory);
      }
      for (String directory : List.of("state", "state/channels")) {
        assertEquals(
            PosixFilePermissions.fromString("rwx------"),
            Files.getPosixFilePermissions(root.resolve(directory)),
            directory);
      }
      assertEquals(
          PosixFilePermissions.fromString("rw-------"),
          Files.getPosixFilePermissions(root.resolve("state/channels/custom.1")));
    }
  }

  @Test
  void c_11_work_that_fails_takes_no_blob_away_from_other_work() throws IOException {
    try (AssetStore store = AssetStore.open(root, root.resolve("state"));
        Ingest other = store.ingest(image("one"));
        Ingest failing = store.ingest(image("two"))) {
      Asset shared = commit(other, AssetName.INITRAMFS, "shared");
      Ingest.Ready first = ready(failing, AssetName.INITRAMFS, "shared");
      Ingest.Ready second = ready(failing, AssetName.VMLINUZ, "kernel");
      Files.createDirectories(blob(second.digest()).resolve("in the way"));
      assertThrows(
          IOException.class, () -> failing.commit(StoreFixture.ARCH, List.of(first, second)));
      assertEquals("shared", Files.readString(shared.file()));
    }
  }

  private static Ingest.Ready ready(Ingest ingest, AssetName name, String text) throws IOException {
    Path file = Files.writeString(ingest.work().resolve(name.fileName()), text);
    return new Ingest.Ready(name, file, text.length(), Digest.of(text.getBytes(UTF_8)));
  }

  @Test
  void c_01_a_file_with_another_digest_or_size_never_becomes_a_blob() throws IOException {
    Digest right = Digest.of("right".getBytes(UTF_8));
    try (AssetStore store = AssetStore.open(root, root.resolve("state"));
        Ingest ingest = store.ingest(image("one"))) {
      Path file = Files.writeString(ingest.work().resolve("file"), "wrong");
      StoreException digest =
          assertThrows(
              StoreException.class,
              () -> ingest.commit(AssetName.VMLINUZ, StoreFixture.ARCH, file, 5, right));
      StoreException size =
          assertThrows(
              StoreException.class,
              () -> ingest.commit(AssetName.VMLINUZ, StoreFixture.ARCH, file, 6, right));
      assertEquals(StoreException.Reason.MISMATCH, digest.reason());
      assertEquals(StoreException.Reason.MISMATCH, size.reason());
      assertEquals(List.of(), names(root.resolve("blobs/sha256")));
    }
  }

  @Test
  void c_01_committing_twice_leaves_one_object() throws IOException {
    try (AssetStore store = AssetStore.open(root, root.resolve("state"));
        Ingest ingest = store.ingest(image("one"))) {
      Asset first = commit(ingest, AssetName.VMLINUZ, "same");
      assertEquals(first, commit(ingest, AssetName.VMLINUZ, "same"));
      assertEquals(List.of(first.digest().hex()), names(root.resolve("blobs/sha256")));
      assertEquals("same", Files.readString(first.file()));
    }
  }

  @Test
  void c_01_what_lies_under_the_name_is_replaced_not_trusted() throws IOException {
    Digest digest = Digest.of("whole".getBytes(UTF_8));
    try (AssetStore store = AssetStore.open(root, root.resolve("state"))) {
      Files.writeString(blob(digest), "WHOLE"); // right size, wrong bytes
      try (Ingest ingest = store.ingest(image("one"))) {
        Asset asset = commit(ingest, AssetName.VMLINUZ, "whole");
        assertEquals("whole", Files.readString(asset.file()));
      }
    }
  }

  @Test
  void c_01_an_image_has_one_writer_at_a_time() throws IOException {
    try (AssetStore store = AssetStore.open(root, root.resolve("state"))) {
      try (Ingest _ = store.ingest(image("one"));
          Ingest _ = store.ingest(image("two"))) {
        StoreException refused =
            assertThrows(StoreException.class, () -> store.ingest(image("one")));
        assertEquals(StoreException.Reason.IN_USE, refused.reason());
      }
      store.ingest(image("one")).close();
    }
  }

  @Test
  void c_01_many_writers_of_the_same_bytes_make_one_whole_object() throws Exception {
    String text = "x".repeat(1 << 20);
    try (AssetStore store = AssetStore.open(root, root.resolve("state"));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Asset>> writers = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        Digest image = image("writer " + i);
        Callable<Asset> writer =
            () -> {
              try (Ingest ingest = store.ingest(image)) {
                return commit(ingest, AssetName.INITRAMFS, text);
              }
            };
        writers.add(threads.submit(writer));
      }
      Digest digest = Digest.of(text.getBytes(UTF_8));
      for (Future<Asset> writer : writers) {
        assertEquals(digest, writer.get().digest());
        assertEquals(digest, StoreReader.hash(blob(digest)));
      }
      assertEquals(List.of(digest.hex()), names(root.resolve("blobs/sha256")));
    }
  }

  @Test
  void c_01_layers_are_there_for_the_next_attempt_and_work_is_not() throws IOException {
    try (AssetStore store = AssetStore.open(root, root.resolve("state"))) {
      try (Ingest ingest = store.ingest(image("one"))) {
        Files.writeString(ingest.layers().resolve("part"), "half");
        Files.writeString(ingest.work().resolve("unfinished"), "x");
      }
      try (Ingest ingest = store.ingest(image("one"))) {
        assertEquals(List.of("part"), names(ingest.layers()));
        assertEquals(List.of(), names(ingest.work()));
        ingest.discard();
      }
      assertEquals(List.of(), names(root.resolve("ingest")));
    }
  }

  @Test
  void c_01_a_file_of_no_bytes_is_an_object_like_any_other() throws IOException {
    try (AssetStore store = AssetStore.open(root, root.resolve("state"));
        Ingest ingest = store.ingest(image("one"))) {
      Asset empty = commit(ingest, AssetName.CMDLINE, "");
      assertEquals(0, empty.size());
      assertArrayEquals(new byte[0], Files.readAllBytes(empty.file()));
    }
  }

  @Test
  void c_01_who_reads_while_the_same_object_is_committed_again_reads_it_whole() throws IOException {
    try (AssetStore store = AssetStore.open(root, root.resolve("state"));
        Ingest ingest = store.ingest(image("one"))) {
      Asset asset = commit(ingest, AssetName.VMLINUZ, "bytes");
      try (var reader = Files.newInputStream(asset.file())) {
        assertEquals('b', reader.read());
        commit(ingest, AssetName.VMLINUZ, "bytes");
        assertEquals("ytes", new String(reader.readAllBytes(), UTF_8));
      }
    }
  }

  @Test
  void a_release_with_files_that_were_not_committed_is_not_published() throws IOException {
    try (AssetStore store = AssetStore.open(root, root.resolve("state"))) {
      Release other = publish(store, "other", "one");
      try (Ingest ingest = store.ingest(image("two"))) {
        assertThrows(IllegalArgumentException.class, () -> ingest.publish(other));
      }
      assertEquals(List.of(), store.releases("custom"));
    }
  }

  @Test
  void equal_layers_give_the_build_that_is_held() throws IOException {
    try (AssetStore store = AssetStore.open(root, root.resolve("state"))) {
      Release one = publish(store, "custom", "one");
      try (Ingest ingest = store.ingest(image("two"))) {
        assertEquals(
            Optional.ofNullable(one.builds().get(StoreFixture.ARCH)),
            ingest.known(Content.BOOT, StoreFixture.ARCH, List.of(image("layer one"))));
        assertFalse(
            ingest.known(Content.BOOT, StoreFixture.ARCH, List.of(image("layer two"))).isPresent());
      }
    }
  }
}
