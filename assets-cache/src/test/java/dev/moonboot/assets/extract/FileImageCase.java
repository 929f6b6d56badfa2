package dev.moonboot.assets.extract;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.extract.BootFileExtractor.Wanted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;

/** What tests of images of loaders and of firmware share. */
abstract class FileImageCase {
  @TempDir Path temp;

  final BootFiles files(Content content, Arch arch, Layers layers) {
    return files(content, arch, layers, Limits.DEFAULT);
  }

  final BootFiles files(Content content, Arch arch, Layers layers, Limits limits) {
    Wanted wanted = new Wanted(content, arch, BootPaths.KNOWN_LAYOUTS, "");
    try {
      Path out = Files.createTempDirectory(temp, "out-");
      return BootFileExtractor.extract(layers, wanted, out, Progress.NONE, limits);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  final String refusal(Content content, Arch arch, Layers layers) {
    return refusal(content, arch, layers, Limits.DEFAULT);
  }

  final String refusal(Content content, Arch arch, Layers layers, Limits limits) {
    return String.valueOf(
        assertThrows(ExtractException.class, () -> files(content, arch, layers, limits))
            .getMessage());
  }

  static byte[] bytes(BootFiles files, AssetName name) throws IOException {
    return Files.readAllBytes(Objects.requireNonNull(files.files().get(name)).file());
  }

  static void assertContains(String part, String text) {
    assertTrue(text.contains(part), () -> "\"" + text + "\" should contain \"" + part + "\"");
  }
}
