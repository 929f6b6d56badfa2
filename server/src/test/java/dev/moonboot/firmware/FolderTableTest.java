package dev.moonboot.firmware;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderTableTest {
  @TempDir Path folder;

  /** As a folder called lost+found, which only root may read, at the top of a file system. */
  @Test
  void what_cannot_be_read_hides_nothing_else() throws IOException {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String name = i + "/ipxe.efi";
      names.add(name);
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
      Files.createSymbolicLink(file.resolveSibling("round"), folder); // a link that goes round
    }
    var table = new FolderTable(folder);
    assertEquals(
        names,
        names.stream()
            .filter(name -> table.exact(name).equals(Optional.of(folder.resolve(name))))
            .toList());
    assertEquals(Optional.empty(), table.exact("0/round/1/ipxe.efi"));
  }
}
