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
  void what_is_not_there_is_not_full_but_an_error() {
    Path none = folder.resolve("none");
    assertEquals(
        none.toString(),
        assertThrows(NoSuchFileException.class, () -> Disk.usableSpace(none)).getMessage());
  }
}
