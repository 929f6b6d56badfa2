package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataPlaceTest {
  @TempDir private Path folder;

  private Path data(String name, String... groups) throws IOException {
    Path data = folder.resolve(name);
    Files.createDirectories(data.resolve("groups"));
    for (String group : groups) {
      Files.writeString(data.resolve("groups").resolve(group), "{}");
    }
    return data;
  }

  @Test
  void groups_in_the_place_of_old_are_told_with_both_ways_out() throws IOException {
    Path before = data("etc", "default.json");
    Path now = folder.resolve("new");
    assertEquals(
        "groups and profiles in ~/etc are not read: the data directory is ~/new now, which the"
            + " service can write to, and it is empty; copy them (moonboot import ~/etc --to"
            + " ~/new), or leave them there and set data: ~/etc",
        DataPlace.overlooked(before, now).orElseThrow().replace(folder.toString(), "~"));
    assertTrue(DataPlace.overlooked(before, data("made")).isPresent(), "empty folders are none");
  }

  @Test
  void nothing_is_said_where_nothing_is_overlooked() throws IOException {
    Path full = data("full", "default.json");
    assertEquals(Optional.empty(), DataPlace.overlooked(data("etc"), folder.resolve("new")));
    assertEquals(Optional.empty(), DataPlace.overlooked(folder.resolve("none"), full));
    assertEquals(Optional.empty(), DataPlace.overlooked(data("old", "a.json"), full));
  }
}
