package dev.moonboot.profile;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogWatcherTest {
  /** A change shows within a second; a busy machine may take longer to run us. */
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  @TempDir Path root;

  private static void put(Path file, String profile) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, "{\"profile\":\"" + profile + "\"}");
  }

  private static String groups(CatalogWatcher watcher) {
    return watcher.current().groups().stream()
        .map(group -> group.file() + ">" + group.profile())
        .sorted()
        .collect(joining(" "));
  }

  private static void await(CatalogWatcher watcher, String expected) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!groups(watcher).equals(expected) && System.nanoTime() < end) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    assertEquals(expected, groups(watcher));
  }

  @Test
  void the_catalog_is_there_from_the_start() throws IOException {
    put(root.resolve("groups/a.json"), "1");
    try (CatalogWatcher watcher = new CatalogWatcher(root)) {
      assertEquals("a>1", groups(watcher));
      assertTrue(watcher.isRunning());
    }
  }

  @Test
  void files_written_replaced_and_deleted_are_seen() throws IOException {
    put(root.resolve("groups/a.json"), "1");
    try (CatalogWatcher watcher = new CatalogWatcher(root)) {
      put(root.resolve("groups/a.json"), "2");
      await(watcher, "a>2");
      put(root.resolve("groups/b.json"), "1");
      await(watcher, "a>2 b>1");
      put(root.resolve("groups/.a.json.swp"), "3"); // as editors do that rename
      Files.move(
          root.resolve("groups/.a.json.swp"),
          root.resolve("groups/a.json"),
          StandardCopyOption.ATOMIC_MOVE);
      await(watcher, "a>3 b>1");
      Files.move(root.resolve("groups/b.json"), root.resolve("groups/b.json~"));
      put(root.resolve("groups/b.json"), "2");
      await(watcher, "a>3 b>2");
      Files.delete(root.resolve("groups/a.json"));
      await(watcher, "b>2");
    }
  }

  @Test
  void a_config_map_that_swaps_its_link_is_seen() throws IOException {
    Path groups = root.resolve("groups");
    put(groups.resolve("..1/a.json"), "1");
    Files.createSymbolicLink(groups.resolve("..data"), Path.of("..1"));
    Files.createSymbolicLink(groups.resolve("a.json"), Path.of("..data/a.json"));
    try (CatalogWatcher watcher = new CatalogWatcher(root)) {
      assertEquals("a>1", groups(watcher));
      put(groups.resolve("..2/a.json"), "2");
      Files.createSymbolicLink(groups.resolve("..data_tmp"), Path.of("..2"));
      Files.move(
          groups.resolve("..data_tmp"), groups.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
      await(watcher, "a>2");
    }
  }

  private static String generic(CatalogWatcher watcher, String name) {
    return watcher.current().config(ConfigKind.GENERIC, name).map(ConfigFile::text).orElse("");
  }

  private static void awaitGeneric(CatalogWatcher watcher, String name, String expected) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!generic(watcher, name).equals(expected) && System.nanoTime() < end) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    assertEquals(expected, generic(watcher, name));
  }

  @Test
  void config_files_are_seen_in_folders_and_behind_a_config_map_s_links() throws IOException {
    Files.createDirectories(root.resolve("profiles"));
    Files.writeString(
        root.resolve("profiles/p.json"), "{\"id\":\"p\",\"generic_id\":\"team/foo\"}");
    Path generic = Files.createDirectories(root.resolve("generic"));
    Path folder = Files.createDirectories(generic.resolve("..1"));
    Files.writeString(folder.resolve("bar"), "1");
    Files.createSymbolicLink(generic.resolve("..data"), Path.of("..1"));
    Files.createSymbolicLink(generic.resolve("bar"), Path.of("..data/bar"));
    try (CatalogWatcher watcher = new CatalogWatcher(root)) {
      Files.writeString(
          Files.createDirectories(generic.resolve("team")).resolve("foo"), "hostname: a");
      awaitGeneric(watcher, "team/foo", "hostname: a");
      Files.writeString(generic.resolve("team/foo"), "hostname: b");
      awaitGeneric(watcher, "team/foo", "hostname: b");
      Files.writeString(root.resolve("profiles/q.json"), "{\"id\":\"q\",\"generic_id\":\"bar\"}");
      awaitGeneric(watcher, "bar", "1");
      Files.writeString(Files.createDirectories(generic.resolve("..2")).resolve("bar"), "2");
      Files.createSymbolicLink(generic.resolve("..tmp"), Path.of("..2"));
      Files.move(
          generic.resolve("..tmp"), generic.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
      awaitGeneric(watcher, "bar", "2");
    }
  }

  @Test
  void a_folder_exchanged_for_another_is_seen_and_watched() throws IOException {
    put(root.resolve("v1/a.json"), "1");
    put(root.resolve("v2/a.json"), "2");
    Files.createSymbolicLink(root.resolve("groups"), Path.of("v1"));
    try (CatalogWatcher watcher = new CatalogWatcher(root)) {
      Files.createSymbolicLink(root.resolve("tmp"), Path.of("v2"));
      Files.move(root.resolve("tmp"), root.resolve("groups"), StandardCopyOption.ATOMIC_MOVE);
      await(watcher, "a>2");
      put(root.resolve("v2/a.json"), "3");
      await(watcher, "a>3");
    }
  }

  @Test
  void a_file_behind_a_link_that_no_event_tells_of_is_seen() throws IOException {
    put(root.resolve("elsewhere/real.json"), "1");
    Files.createDirectories(root.resolve("groups"));
    Files.createSymbolicLink(root.resolve("groups/a.json"), root.resolve("elsewhere/real.json"));
    try (CatalogWatcher watcher = new CatalogWatcher(root)) {
      put(root.resolve("elsewhere/real.json"), "2");
      await(watcher, "a>2");
    }
  }

  @Test
  void folders_that_appear_later_are_seen() throws IOException {
    Path later = root.resolve("a/b");
    try (CatalogWatcher watcher = new CatalogWatcher(later)) {
      assertEquals("", groups(watcher));
      put(later.resolve("groups/a.json"), "1");
      await(watcher, "a>1");
      put(later.resolve("groups/a.json"), "2");
      await(watcher, "a>2");
    }
  }

  @Test
  void nothing_new_leaves_the_catalog_as_it_is() throws IOException {
    put(root.resolve("groups/a.json"), "1");
    try (CatalogWatcher watcher = new CatalogWatcher(root)) {
      Catalog before = watcher.current();
      put(root.resolve("groups/ignored.yaml"), "1");
      put(root.resolve("groups/b.json"), "1"); // what comes after the ignored one is seen
      await(watcher, "a>1 b>1");
      assertEquals(before.groups().getFirst(), watcher.current().groups().getFirst());
    }
  }

  @Test
  void close_ends_the_thread() {
    CatalogWatcher watcher = new CatalogWatcher(root);
    watcher.close();
    assertFalse(watcher.isRunning());
  }
}
