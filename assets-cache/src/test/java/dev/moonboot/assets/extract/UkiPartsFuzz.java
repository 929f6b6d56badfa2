package dev.moonboot.assets.extract;

import static dev.moonboot.assets.Arch.AMD64;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.compose.UkiWriter;
import dev.moonboot.testing.Fuzz;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Any bytes as a UKI whose stub is cut out: it is refused, or the stub is no longer than it. */
public final class UkiPartsFuzz {
  private static final Path FILE = Fuzz.folder("uki-parts").resolve("uki");

  private UkiPartsFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Fuzz.bounded(() -> {
      try {
        UkiParts.Parts parts = UkiParts.read(Files.write(FILE, input));
        if (parts.stub().remaining() > input.length) {
          throw new AssertionError("a stub of " + parts.stub().remaining());
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
        new UkiWriter(UkiWriter.returningStub(AMD64))
            .section(".osrel", "ID=talos".getBytes(UTF_8))
            .section(".splash", new byte[9])
            .section(".linux", new byte[10])
            .toByteArray());
  }
}
