package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.testing.LayoutFixture;
import dev.moonboot.testing.TestImages;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PullCommandTest {
  private record Ran(int code, String out, String err) {}

  @TempDir Path folder;

  @BeforeEach
  void layout() {
    var layout = new LayoutFixture(folder.resolve("oci"), false);
    layout.push("", "ipxe", TestImages.ipxe());
  }

  private Ran pull(String content) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        Main.run(
            new String[] {
              "pull",
              "oci:" + folder.resolve("oci") + ":ipxe",
              "--content",
              content,
              "--out",
              folder.resolve("got").toString()
            },
            new PrintWriter(out, true),
            new PrintWriter(err, true));
    return new Ran(code, out.toString(), err.toString());
  }

  @Test
  void loaders_are_written_a_folder_for_each_architecture() throws IOException {
    Ran ran = pull("loaders");
    assertEquals(0, ran.code(), ran.err());
    assertArrayEquals(
        TestImages.efiProgram(Arch.ARM64, "ipxe"),
        Files.readAllBytes(folder.resolve("got/arm64/ipxe.efi")));
    assertTrue(Files.exists(folder.resolve("got/amd64/undionly.kpxe")));
    assertTrue(ran.out().contains("check with  sha256sum -c SHA256SUMS"), ran.out());
  }

  @Test
  void what_holds_no_boot_files_is_told_and_nothing_is_written() {
    Ran ran = pull("boot");
    assertEquals(1, ran.code(), ran.out());
    assertTrue(ran.err().contains("the image has no kernel and initramfs for"), ran.err());
    assertFalse(Files.exists(folder.resolve("got/amd64")));
  }

  @Test
  void an_unknown_content_is_told_with_those_that_there_are() {
    Ran ran = pull("kernels");
    assertEquals(2, ran.code(), ran.out());
    assertTrue(ran.err().contains("loaders"), ran.err());
  }
}
