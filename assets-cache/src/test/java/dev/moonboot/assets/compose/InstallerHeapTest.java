package dev.moonboot.assets.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallerHeapTest {
  @TempDir Path folder;

  @Test
  void an_installer_image_is_written_with_a_heap_that_its_files_do_not_fit_into()
      throws IOException, InterruptedException {
    assertEquals(
        "4 files, a layer of 300 MiB\n", ChildJvm.run(InstallerHeapMain.class, 24, folder));
  }
}
