package dev.moonboot.assets.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which directories a store will not be opened in. */
class StoreGroundTest {
  @TempDir Path dir;

  private StoreException refused(Path root) {
    StoreException refused =
        assertThrows(StoreException.class, () -> AssetStore.open(root, dir.resolve("state")));
    assertEquals(StoreException.Reason.UNSUITABLE, refused.reason());
    return refused;
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxrwx---", "rwxr-xrwx"})
  void a_directory_that_others_can_write_is_refused_with_what_to_do(String mode)
      throws IOException {
    Path root = Files.createDirectory(dir.resolve("cache")).toRealPath();
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString(mode));
    assertEquals(
        "the cache directory %s can be written by others (%s): chmod go-w %s"
            .formatted(root, mode, root),
        refused(root).getMessage());
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    AssetStore.open(root, dir.resolve("state")).close();
  }

  @Test
  void a_directory_of_somebody_else_is_refused_with_what_to_do() throws IOException {
    Requires.that("root".equals(System.getProperty("user.name")), "this test is not run by root");
    Path root = Files.createDirectory(dir.resolve("cache")).toRealPath();
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setAttribute(root, "unix:uid", 12345);
    String message = String.valueOf(refused(root).getMessage());
    assertTrue(message.contains("belongs to user 12345 and moonboot runs as user 0"), message);
    assertTrue(message.contains("chown -R 0 " + root), message);
  }

  @Test
  void a_directory_that_is_made_is_ours_whatever_the_umask_and_may_be_behind_a_link()
      throws IOException {
    Path real = Files.createDirectory(dir.resolve("real"));
    Path root = Files.createSymbolicLink(dir.resolve("link"), real).resolve("cache");
    AssetStore.open(root, dir.resolve("state")).close();
    assertEquals(PosixFilePermissions.fromString("rwxr-x---"), Files.getPosixFilePermissions(root));
  }

  @Test
  void what_a_probe_left_when_it_was_killed_does_not_stand_in_the_way() throws IOException {
    AssetStore.open(dir, dir.resolve("state")).close();
    Files.createFile(dir.resolve("ingest/probe"));
    Files.createFile(dir.resolve("releases/.probe.part"));
    AssetStore.open(dir, dir.resolve("state")).close();
    assertTrue(Files.notExists(dir.resolve("releases/.probe.part")));
  }
}
