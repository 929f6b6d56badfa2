package dev.moonboot.assets.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Build;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.files.BrokenFileException;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipesTest {
  @TempDir Path root;

  private StoreLayout layout() {
    return new StoreLayout(root.resolve("cache"), root.resolve("state"));
  }

  private static Json.Obj recipe(int number) {
    return new Json.Obj(Map.of("number", Json.Num.of(number)));
  }

  private static Optional<Long> number(Recipes recipes, Digest release) throws IOException {
    return recipes.find(release).flatMap(kept -> kept.integer("number"));
  }

  @Test
  void what_is_kept_is_found_again_and_what_is_not_is_not() throws IOException {
    Recipes recipes = new Recipes(layout(), _ -> Optional.empty(), Set::of);
    assertEquals(Optional.empty(), recipes.find(StoreFixture.image("one")));
    recipes.keep(StoreFixture.image("one"), recipe(1));
    assertEquals(
        Optional.of(1L),
        number(new Recipes(layout(), _ -> Optional.empty(), Set::of), StoreFixture.image("one")));
    Files.move(
        layout().recipe(StoreFixture.image("one")), layout().recipe(StoreFixture.image("two")));
    assertEquals(Optional.empty(), recipes.find(StoreFixture.image("two")));
    Files.writeString(layout().recipe(StoreFixture.image("two")), "spoilt ".repeat(20));
    assertThrows(BrokenFileException.class, () -> recipes.find(StoreFixture.image("two")));
  }

  @Test
  void of_very_many_the_oldest_go_and_those_of_heads_stay() throws IOException {
    Digest head = StoreFixture.image("0");
    Recipes recipes = new Recipes(layout(), _ -> Optional.empty(), () -> Set.of(head));
    layout().makeState();
    for (int i = 0; i < Recipes.MOST + 2; i++) {
      Path file = layout().recipe(StoreFixture.image(Integer.toString(i)));
      if (i == 0) {
        recipes.keep(head, recipe(0));
      } else {
        Files.createFile(file);
      }
      Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH.plusSeconds(i)));
    }
    recipes.keep(StoreFixture.image("last"), recipe(9));
    assertEquals(Optional.of(0L), number(recipes, head));
    assertEquals(Optional.of(9L), number(recipes, StoreFixture.image("last")));
    assertTrue(Files.notExists(layout().recipe(StoreFixture.image("1"))));
    assertTrue(Files.notExists(layout().recipe(StoreFixture.image("2"))));
    assertTrue(Files.exists(layout().recipe(StoreFixture.image("3"))));
  }

  @Test
  void those_of_pins_and_of_what_is_held_stay_and_the_newest_whatever_the_clock_says()
      throws IOException {
    Digest held = StoreFixture.image("held");
    Digest pinned = StoreFixture.image("pinned");
    Recipes recipes =
        new Recipes(
            layout(),
            digest -> digest.equals(held) ? Optional.of(release(held)) : Optional.empty(),
            Set::of);
    recipes.needed(() -> Set.of(pinned));
    recipes.keep(held, recipe(1));
    recipes.keep(pinned, recipe(2));
    Files.setLastModifiedTime(layout().recipe(held), FileTime.from(Instant.EPOCH));
    Files.setLastModifiedTime(layout().recipe(pinned), FileTime.from(Instant.EPOCH));
    FileTime late = FileTime.from(Instant.now().plusSeconds(100_000_000));
    for (int i = 0; i < Recipes.MOST + 2; i++) {
      Path file = Files.createFile(layout().recipe(StoreFixture.image("other " + i)));
      Files.setLastModifiedTime(file, late);
    }
    recipes.keep(StoreFixture.image("last"), recipe(3));
    assertEquals(Optional.of(1L), number(recipes, held));
    assertEquals(Optional.of(2L), number(recipes, pinned));
    assertEquals(Optional.of(3L), number(recipes, StoreFixture.image("last")));
    assertEquals(2 + Recipes.MOST, StoreFixture.names(layout().recipes()).size());
  }

  private static Release release(Digest digest) {
    Build build =
        new Build(digest, List.of(), "composed", "v1.13.9", "6.18.9-talos", List.of(), Map.of());
    return new Release(digest, "build:compute", Map.of(StoreFixture.ARCH, build), Instant.EPOCH);
  }
}
