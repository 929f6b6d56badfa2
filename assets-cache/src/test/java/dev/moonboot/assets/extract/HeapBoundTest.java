package dev.moonboot.assets.extract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeapBoundTest {
  @TempDir Path temp;

  @Test
  void m_02_any_image_is_read_with_192_mebibytes_of_heap()
      throws IOException, InterruptedException {
    String told = ChildJvm.run(HeapBoundMain.class, 192, temp);
    assertEquals(
        """
        large installer: installer UKI
        bomb: rejected
        GNU long name: rejected
        PAX header: rejected
        global PAX header: rejected
        long paths: rejected
        long links: rejected
        many entries: rejected
        zstd window: rejected
        xz dictionary: plain pair
        cpio name: plain pair
        tree of large files: 3 nodes, 283115520 bytes
        tree of many files: 99002 nodes, 0 bytes
        tree of deep directories: rejected
        tree of many directories: rejected
        tree of long links: rejected
        tree of many attributes: 5000 nodes, 0 bytes
        """,
        told);
  }
}
