package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedFilesTest {
  @TempDir Path data;

  private Path file(String text) throws IOException {
    return Files.writeString(data.resolve("blob-" + text.hashCode()), text);
  }

  private static String text(MappedFiles.Lease lease) {
    return new String(lease.bytes().toArray(ValueLayout.JAVA_BYTE), UTF_8);
  }

  @Test
  void readers_of_one_file_share_one_mapping() throws IOException {
    Path file = file("hello");
    try (MappedFiles files = new MappedFiles(Duration.ZERO);
        MappedFiles.Lease one = files.lease(file, 5).orElseThrow();
        MappedFiles.Lease two = files.lease(file, 5).orElseThrow()) {
      assertSame(one.bytes(), two.bytes());
      assertEquals("hello", text(two));
      assertEquals(1, files.mapped());
    }
  }

  @Test
  void a_mapping_goes_when_nobody_reads_it_and_not_before() throws IOException {
    try (MappedFiles files = new MappedFiles(Duration.ZERO)) {
      MappedFiles.Lease lease = files.lease(file("hello"), 5).orElseThrow();
      files.sweep();
      assertEquals("hello", text(lease));
      lease.close();
      lease.close(); // twice is once
      files.sweep();
      assertEquals(0, files.mapped());
      assertThrows(IllegalStateException.class, () -> text(lease));
    }
  }

  @Test
  void c_13_a_deleted_file_can_be_read_to_its_end() throws IOException {
    Path file = file("hello");
    try (MappedFiles files = new MappedFiles(Duration.ofHours(1));
        MappedFiles.Lease lease = files.lease(file, 5).orElseThrow()) {
      Files.delete(file);
      assertEquals("hello", text(lease));
    }
  }

  @Test
  void s_15_an_evicted_file_is_read_no_further_and_mapped_anew() throws IOException {
    Path file = file("wrong");
    try (MappedFiles files = new MappedFiles(Duration.ofHours(1))) {
      MappedFiles.Lease lease = files.lease(file, 5).orElseThrow();
      lease.check();
      Files.delete(file);
      Files.writeString(file, "right"); // as after healing: another file of the same name
      files.evict(Set.of(file, data.resolve("unknown")));
      assertThrows(IOException.class, lease::check);
      assertEquals("wrong", text(lease), "whoever is in the middle of a read does not crash");
      try (MappedFiles.Lease healed = files.lease(file, 5).orElseThrow()) {
        healed.check();
        assertEquals("right", text(healed));
      }
      lease.close();
      assertThrows(IllegalStateException.class, () -> text(lease));
      assertEquals(1, files.mapped());
    }
  }

  @Test
  void closing_waits_for_nobody_and_takes_nothing_from_a_reader() throws IOException {
    MappedFiles files = new MappedFiles(Duration.ofHours(1));
    MappedFiles.Lease lease = files.lease(file("hello"), 5).orElseThrow();
    files.close();
    assertEquals("hello", text(lease));
    lease.close();
    assertEquals(0, files.mapped());
    assertTrue(files.lease(file("other"), 5).isEmpty());
  }

  @Test
  void a_file_that_is_not_what_its_release_says_is_a_fault() throws IOException {
    try (MappedFiles files = new MappedFiles(Duration.ZERO)) {
      Path file = file("hello");
      Path link = Files.createSymbolicLink(data.resolve("link"), file);
      assertThrows(IOException.class, () -> files.lease(file, 6));
      assertThrows(IOException.class, () -> files.lease(link, 5), "O_NOFOLLOW");
      assertThrows(IOException.class, () -> files.lease(data.resolve("missing"), 5));
      assertEquals(0, files.mapped());
    }
  }

  @Test
  void there_is_a_bound_and_idle_files_make_room() throws IOException {
    try (MappedFiles files = new MappedFiles(Duration.ofHours(1))) {
      for (int i = 0; i < 200; i++) {
        String text = "file " + i;
        files.lease(file(text), text.length()).orElseThrow().close();
      }
      assertTrue(files.mapped() <= 64, "mapped " + files.mapped());
    }
  }
}
