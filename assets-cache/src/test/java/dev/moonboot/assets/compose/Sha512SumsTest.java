package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list of sums. */
class Sha512SumsTest {
  @TempDir Path folder;

  private Found file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return new Found(file, text.length(), Digest.of(text.getBytes(UTF_8)), "");
  }

  @Test
  void sha512sum_accepts_it() throws Exception {
    Map<AssetName, Found> files =
        Map.of(
            AssetName.file("installer/layer-1"),
            file("installer/layer-1", "layer"),
            AssetName.VMLINUZ,
            file("vmlinuz", "kernel"),
            AssetName.INITRAMFS,
            file("initramfs.xz", "initramfs"));
    Found sums = Sha512Sums.write(files, folder.resolve("SHA512SUMS"));
    assertEquals(Digest.of(Files.readAllBytes(sums.file())), sums.digest());
    Process check =
        new ProcessBuilder(Requires.program("sha512sum").toString(), "-c", "SHA512SUMS")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    assertEquals(
        """
        vmlinuz: OK
        initramfs.xz: OK
        installer/layer-1: OK
        """,
        new String(check.getInputStream().readAllBytes(), UTF_8));
    assertEquals(0, check.waitFor());
  }
}
