package dev.moonboot.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskTest {
  private static final double MIB = 1 << 20;

  @TempDir Path folder;

  @Test
  void usable_space_is_that_of_the_file_system() throws IOException {
    double wanted = Files.getFileStore(folder).getUsableSpace() / MIB;
    // others write meanwhile
    assertEquals(wanted, Disk.usableSpace(folder) / MIB, 1024);
  }

  @Test
  void a_file_with_two_names_is_there_once() throws IOException {
    Path file = Files.write(folder.resolve("blob"), new byte[1000]);
    Files.createLink(Files.createDirectory(folder.resolve("work")).resolve("link"), file);
    Files.write(folder.resolve("other"), new byte[10]);
    assertEquals(1010, Disk.sizeOf(folder));
  }

  @Test
  void what_is_not_there_is_not_full_but_an_error() {
    Path none = folder.resolve("none");
    assertEquals(
        none.toString(),
        assertThrows(NoSuchFileException.class, () -> Disk.usableSpace(none)).getMessage());
  }
}
