package dev.moonboot.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.node.NodeLabels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogScaleTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final int MANY = 4_000;

  @TempDir Path root;

  private Path write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(Objects.requireNonNull(path.getParent()));
    return Files.writeString(path, text);
  }

  private Path group(int number, String profile) throws IOException {
    return write(
        "groups/g" + number + ".json",
        "{\"profile\":\"%s\",\"selector\":{\"serial\":\"%d\"}}".formatted(profile, number));
  }

  private void fill() throws IOException {
    write("profiles/p.json", "{\"id\":\"p\",\"generic_id\":\"foo\"}");
    write("generic/foo", "text");
    for (int i = 0; i < MANY; i++) {
      group(i, "p");
    }
  }

  @Test
  void m_04_all_are_read_once_and_a_change_looks_at_one_file_of_many() throws IOException {
    fill();
    CatalogReader reader = new CatalogReader(root);
    Catalog all = reader.read();
    assertEquals(MANY, all.groupCount());
    assertTrue(reader.looks() <= MANY + 3, reader.looks() + " looks");

    long before = reader.looks();
    Catalog changed = reader.read(List.of(group(7, "q")));
    assertEquals(1, reader.looks() - before);
    assertEquals("q", changed.group("g7").orElseThrow().profile());
    assertSame(all.group("g8").orElseThrow(), changed.group("g8").orElseThrow());
    assertEquals("p", all.group("g7").orElseThrow().profile());

    before = reader.looks();
    assertSame(changed, reader.read(List.of(root.resolve("groups/nothing.txt"), root)));
    assertEquals(0, reader.looks() - before);
  }

  @Test
  void m_04_a_changed_file_is_soon_live_among_many() throws IOException {
    fill();
    try (CatalogWatcher watcher = new CatalogWatcher(root)) {
      group(MANY - 1, "q");
      NodeLabels labels = NodeLabels.of("serial=" + (MANY - 1));
      long end = System.nanoTime() + DEADLINE.toNanos();
      while (!(watcher.current().select(labels) instanceof Selection.NoProfile)
          && System.nanoTime() < end) {
        LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
      }
      assertEquals("q", watcher.current().group("g" + (MANY - 1)).orElseThrow().profile());
    }
  }

  /** Whatever is edited in whatever order: looking at what was edited is as good as at all. */
  @Test
  void m_04_looking_at_what_changed_gives_what_looking_at_all_gives() throws IOException {
    Random random = new Random(11);
    Files.createDirectories(root.resolve("groups"));
    Files.createDirectories(root.resolve("profiles"));
    CatalogReader some = new CatalogReader(root);
    CatalogReader all = new CatalogReader(root);
    some.read();
    for (int step = 0; step < 400; step++) {
      List<Path> edited = new ArrayList<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        edited.add(edit(random));
      }
      assertSameMeaning(all.read(), some.read(edited), "step " + step + " " + edited);
    }
  }

  private static final List<String> PROFILES = List.of("p", "team/p", "../cloud/p", "p/../q", "");
  private static final List<String> CONFIGS = List.of("foo", "team/foo", "../cloud/foo", "");

  private static <T> T any(List<T> values, Random random) {
    return values.get(random.nextInt(values.size()));
  }

  private Path edit(Random random) throws IOException {
    String file =
        switch (random.nextInt(3)) {
          case 0 -> "groups/g" + random.nextInt(8) + ".json";
          case 1 ->
              any(List.of("profiles/p", "profiles/q", "profiles/team/p", "cloud/p"), random)
                  + ".json";
          default -> any(List.of("generic/foo", "generic/team/foo", "cloud/foo"), random);
        };
    Path path = root.resolve(file);
    if (random.nextInt(4) == 0) {
      Files.deleteIfExists(path);
      return path;
    }
    return write(file, random.nextInt(6) == 0 ? "{{" : text(file, random));
  }

  private static String text(String file, Random random) {
    if (file.startsWith("groups")) {
      return """
      {"profile": "%s", "selector": {"a": ["%d", "%d"], "b": "%d"}, "moonboot": {"selector_lists": %s}}\
      """
          .formatted(
              any(PROFILES, random),
              random.nextInt(3),
              random.nextInt(3),
              random.nextInt(2),
              random.nextInt(5) > 0);
    }
    return file.endsWith(".json")
        ? "{\"id\": \"x\", \"generic_id\": \"%s\", \"cloud_id\": \"%s\"}"
            .formatted(any(CONFIGS, random), any(CONFIGS, random))
        : "text " + random.nextInt(3);
  }

  private static void assertSameMeaning(Catalog all, Catalog some, String when) {
    assertEquals(all.problems(), some.problems(), when);
    assertEquals(all.groups(), some.groups(), when);
    assertEquals(all.profiles(), some.profiles(), when);
    for (String name : CONFIGS) {
      for (ConfigKind kind : ConfigKind.values()) {
        assertEquals(all.config(kind, name), some.config(kind, name), when);
      }
    }
    for (int i = 0; i < 6; i++) {
      NodeLabels labels = NodeLabels.of("a=%d&b=%d".formatted(i % 3, i / 3));
      assertEquals(all.select(labels), some.select(labels), when);
      assertEquals(
          some.matching(labels, 1),
          switch (some.select(labels)) {
            case Selection.Match(var group, var _) -> List.of(group);
            case Selection.NoProfile(var group) -> List.of(group);
            case Selection.None() -> List.of();
          },
          when);
    }
  }
}
