package dev.moonboot.assets.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers that are kept for the next composition, and how many of them. */
class InputsTest {
  @TempDir Path folder;

  private Digest layer(String name, int day) throws IOException {
    Digest digest = StoreFixture.image(name);
    Path file = Files.write(folder.resolve(digest.hex()), new byte[100]);
    Files.setLastModifiedTime(
        file, FileTime.from(Instant.parse("2026-03-0%dT00:00:00Z".formatted(day))));
    return digest;
  }

  private Set<String> left() throws IOException {
    return new TreeSet<>(StoreFixture.names(folder));
  }

  private static Set<String> names(Digest... digests) {
    Set<String> names = new TreeSet<>();
    for (Digest digest : digests) {
      names.add(digest.hex());
    }
    return names;
  }

  @Test
  void what_was_used_longest_ago_goes_first() throws IOException {
    Inputs inputs = new Inputs(folder);
    Digest old = layer("old", 1);
    Digest newer = layer("newer", 2);
    Digest newest = layer("newest", 3);
    inputs.trim(300);
    assertEquals(names(old, newer, newest), left());
    inputs.use(List.of(old)).close(); // it is the newest now
    inputs.trim(299);
    assertEquals(names(old, newest), left());
    inputs.trim(0);
    assertEquals(names(), left());
  }

  @Test
  void what_is_in_use_stays_whatever_there_is() throws IOException {
    Inputs inputs = new Inputs(folder);
    Digest used = layer("used", 1);
    layer("other", 2);
    try (Inputs.Use _ = inputs.use(List.of(used));
        Inputs.Use _ = inputs.use(List.of(used, StoreFixture.image("still to come")))) {
      inputs.trim(0);
      assertEquals(names(used), left());
    }
    inputs.trim(0);
    assertEquals(names(), left());
  }

  @Test
  void what_is_listed_and_gone_by_then_is_in_nobodys_way() throws IOException {
    Digest gone = StoreFixture.image("came wrong, and is deleted by who fetched it");
    Files.createSymbolicLink(folder.resolve(gone.hex()), folder.resolve("nowhere"));
    layer("other", 1);
    new Inputs(folder).trim(0);
    assertEquals(names(gone), left());
  }

  @Test
  void a_folder_that_is_not_there_is_empty() throws IOException {
    new Inputs(folder.resolve("none")).trim(0);
  }
}
