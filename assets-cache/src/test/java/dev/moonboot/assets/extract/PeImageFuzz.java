package dev.moonboot.assets.extract;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.compose.UkiWriter;
import dev.moonboot.testing.Fuzz;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Any bytes as an EFI program: it is refused, or its sections lie one behind the other. */
public final class PeImageFuzz {
  private static final Path FILE = Fuzz.folder("pe-image").resolve("image");

  private PeImageFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Fuzz.bounded(() -> {
      try {
        long end = 0;
        for (PeImage.Section section : PeImage.read(Files.write(FILE, input)).sections()) {
          if (section.address() < end) {
            throw new AssertionError(section + " lies below " + end);
          }
          end = section.address() + section.size();
        }
      } catch (ExtractException e) {
        // what is promised
      } finally {
        Files.deleteIfExists(FILE);
      }
    });
  }

  static List<byte[]> seeds() {
    return List.of(
        UkiWriter.returningStub(ARM64),
        new UkiWriter(UkiWriter.returningStub(AMD64))
            .section(".osrel", "ID=talos".getBytes(UTF_8))
            .section(".linux", new byte[10])
            .toByteArray());
  }
}
