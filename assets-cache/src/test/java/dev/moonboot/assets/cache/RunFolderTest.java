package dev.moonboot.assets.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  @TempDir Path within;

  /** As a run that was killed left it. */
  private Path left(String name) throws IOException {
    Path folder = Files.createDirectory(within.resolve(".moonboot-build-" + name));
    Files.createFile(folder.resolve("lock"));
    return folder;
  }

  private List<String> there() throws IOException {
    try (Stream<Path> files = Files.list(within)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void what_a_killed_run_left_is_deleted() throws IOException {
    left("a");
    RunFolder.in(within).close();
    assertEquals(List.of(), there());
  }

  /** In a folder for everybody, such as /tmp, they may change it while it is being deleted. */
  @Test
  void what_others_have_there_is_left_alone() throws IOException {
    Requires.that(System.getProperty("user.name").equals("root"), "only root can give files away");
    Path theirs = left("b");
    Files.setOwner(
        theirs,
        within.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    RunFolder.in(within).close();
    assertEquals(List.of(".moonboot-build-b"), there());
  }
}
