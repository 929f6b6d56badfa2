package dev.moonboot.assets.extract;

import static dev.moonboot.assets.Arch.AMD64;

import dev.moonboot.testing.Fuzz;
import dev.moonboot.testing.InitramfsFixture;
import dev.moonboot.testing.InitramfsFixture.Extension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Any bytes as an initramfs: a report within bounds, or a rejection. */
public final class InitramfsFuzz {
  private static final Path FILE = Fuzz.folder("initramfs").resolve("initramfs");
  private static final int LONGEST_LIST = 1 << 20; // of extensions.yaml

  private InitramfsFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Fuzz.bounded(() -> {
      try {
        var report = InitramfsInspector.inspect(Files.write(FILE, input));
        if (report.extensions().stream().mapToInt(String::length).sum() > LONGEST_LIST) {
          throw new AssertionError("extensions without end");
        }
      } catch (ExtractException e) {
        // what is promised
      } finally {
        Files.delete(FILE);
      }
    });
  }

  static List<byte[]> seeds() {
    byte[] base = InitramfsFixture.base(AMD64, 20, 1);
    byte[] more = InitramfsFixture.extensions(List.of(new Extension("a", "v1")));
    return List.of(
        ExtractionCase.joined(base, more),
        InitramfsFixture.zstd(base, more),
        InitramfsFixture.xz(base, more),
        InitramfsFixture.gzip(base, more),
        ExtractionCase.joined(base, new byte[8], InitramfsFixture.zstd(more)));
  }
}
