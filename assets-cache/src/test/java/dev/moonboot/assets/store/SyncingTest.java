package dev.moonboot.assets.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncingTest {
  /** Syncs the files that it is given. */
  static final class Lab {
    private Lab() {}

    public static void main(String[] files) throws IOException {
      Syncing.all(List.of(files).stream().map(Path::of).toList());
    }
  }

  /** As the service is one: without the right to write to what may only be read. */
  private static List<String> asAnyUser() {
    boolean root = System.getProperty("user.name").equals("root");
    return root ? List.of("setpriv", "--bounding-set=-dac_override") : List.of();
  }

  @Test
  void a_kernel_that_is_the_bases_own_blob_may_only_be_read(@TempDir Path folder) throws Exception {
    Path blob = Files.writeString(folder.resolve("blob"), "kernel");
    Files.setPosixFilePermissions(blob, StoreLayout.BLOB_MODE);
    Path kernel = Files.createLink(folder.resolve("vmlinuz"), blob);
    List<String> command = new ArrayList<>(asAnyUser());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Lab.class.getName(), kernel.toString()));
    Process lab = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var out = lab.getInputStream()) {
      assertEquals("", new String(out.readAllBytes(), UTF_8));
    }
    assertEquals(0, lab.waitFor());
    assertEquals(StoreLayout.BLOB_MARK, Files.getLastModifiedTime(blob));
  }
}
