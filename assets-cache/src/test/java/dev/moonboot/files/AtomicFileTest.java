package dev.moonboot.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path dir;

  private List<String> names() throws IOException {
    try (var files = Files.list(dir)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void makes_a_file_and_replaces_it_and_leaves_nothing_beside_it() throws IOException {
    Path file = dir.resolve("state");
    AtomicFile.replace(file, "first".getBytes(UTF_8));
    assertEquals("first", Files.readString(file));
    AtomicFile.replace(file, new byte[0]);
    assertEquals("", Files.readString(file));
    assertEquals(List.of("state"), names());
  }

  @Test
  void gives_exactly_the_mode_asked_for() throws IOException {
    Path file = dir.resolve("state");
    var mode = PosixFilePermissions.fromString("rw-rw-r--"); // more than a usual umask lets through
    AtomicFile.replace(file, "x".getBytes(UTF_8), mode);
    assertEquals(mode, Files.getPosixFilePermissions(file));
  }

  @Test
  void what_cannot_be_replaced_stays_and_no_part_is_left() throws IOException {
    Path occupied = Files.createDirectories(dir.resolve("state/inside"));
    assertThrows(
        IOException.class, () -> AtomicFile.replace(dir.resolve("state"), "x".getBytes(UTF_8)));
    assertTrue(Files.isDirectory(occupied));
    assertEquals(List.of("state"), names());
  }

  @Test
  void what_a_process_left_that_had_our_id_is_in_nobodys_way() throws IOException {
    Path file = dir.resolve("state");
    for (int i = 1; i < 5000; i++) { // in a container every process may have the same
      Files.createFile(dir.resolve(".state." + ProcessHandle.current().pid() + "-" + i + ".part"));
    }
    AtomicFile.replace(file, "new".getBytes(UTF_8));
    assertEquals("new", Files.readString(file));
    assertEquals(5000, names().size());
  }

  @Test
  void a_reader_who_opened_the_file_before_reads_the_old_bytes_to_the_end() throws IOException {
    Path file = dir.resolve("state");
    AtomicFile.replace(file, "old".getBytes(UTF_8));
    try (var reader = Files.newInputStream(file)) {
      AtomicFile.replace(file, "new".getBytes(UTF_8));
      assertEquals("old", new String(reader.readAllBytes(), UTF_8));
    }
    assertEquals("new", Files.readString(file));
  }

  @Test
  void deleting_a_tree_never_follows_a_link_out_of_it() throws IOException {
    Path precious = Files.writeString(dir.resolve("precious"), "x");
    Path tree = Files.createDirectories(dir.resolve("tree/deep"));
    Files.createSymbolicLink(tree.resolve("file-link"), precious);
    Files.createSymbolicLink(tree.resolve("directory-link"), dir);
    Disk.deleteTree(dir.resolve("tree"));
    assertFalse(Files.exists(dir.resolve("tree")));
    assertEquals(List.of("precious"), names());
    Disk.deleteTree(dir.resolve("never-was"));
  }
}
