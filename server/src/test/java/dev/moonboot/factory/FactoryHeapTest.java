package dev.moonboot.factory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.schematic.Schematic;
import dev.moonboot.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FactoryHeapTest {
  @TempDir Path folder;

  /** As the service has them. */
  @Test
  void a_flood_of_schematics_is_taken_with_192_mebibytes_of_heap()
      throws IOException, InterruptedException {
    assertEquals(
        """
        many small values: 100 taken
        too many: 0 taken
        plain Talos: %s
        """
            .formatted(Schematic.EMPTY.id()),
        ChildJvm.run(FactoryHeapMain.class, 192, folder));
  }
}
