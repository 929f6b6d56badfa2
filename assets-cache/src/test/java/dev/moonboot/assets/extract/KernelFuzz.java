package dev.moonboot.assets.extract;

import dev.moonboot.testing.Fuzz;
import dev.moonboot.testing.KernelFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Any bytes as a kernel: told what it is with a release that can be printed, or a rejection. */
public final class KernelFuzz {
  private static final Path FOLDER = Fuzz.folder("kernel");
  private static final int LONGEST_RELEASE = 64;

  private KernelFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Path kernel = FOLDER.resolve("vmlinuz");
    Path image = FOLDER.resolve("image");
    Fuzz.bounded(() -> {
      try {
        read(Files.write(kernel, input), image);
      } catch (ExtractException e) {
        // what is promised
      } finally {
        Files.deleteIfExists(kernel);
        Files.deleteIfExists(image);
      }
    });
  }

  private static void read(Path file, Path image) throws IOException {
    Kernel kernel = KernelSniffer.sniff(file);
    String release = kernel.release();
    if (release.length() > LONGEST_RELEASE || !release.matches("[!-~]*")) {
      throw new AssertionError("release " + release);
    }
    if (kernel.format() == Kernel.Format.EFI_ZBOOT) {
      var unwrapped = Zboot.unwrap(file, image, Limits.DEFAULT);
      if (unwrapped.isPresent() && unwrapped.get().size() != Files.size(image)) {
        throw new AssertionError(unwrapped + " is not what was written");
      }
    }
  }

  static List<byte[]> seeds() {
    byte[] raw = KernelFixture.arm64Image("6.1.0");
    return List.of(
        KernelFixture.bzImage("6.1.0"),
        raw,
        Arrays.copyOf(KernelFixture.zboot(raw, "zstd"), 4096 + 300),
        KernelFixture.zboot(raw, "gzip"),
        KernelFixture.zboot(raw, "xzkern"));
  }
}
