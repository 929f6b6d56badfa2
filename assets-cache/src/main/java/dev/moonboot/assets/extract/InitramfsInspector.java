package dev.moonboot.assets.extract;

import dev.moonboot.assets.Arch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Looks into an initramfs: for which processor its {@code init} is, and which extensions it lists.
 * It is served as it is, so what cannot be read here is only not known.
 */
final class InitramfsInspector {
  private InitramfsInspector() {}

  /**
   * What was found.
   *
   * @param packing of the first packed archive; NONE when none is packed
   * @param arch of {@code init}; empty when it is no ELF program we know or was not reached
   * @param extensions name and version of each, in order
   * @param problem why the inspection ended early; empty when it did not
   */
  record Report(
      Compression packing, Optional<Arch> arch, List<String> extensions, String problem) {}

  /**
   * @throws ExtractException when the file does not begin as an initramfs does
   */
  static Report inspect(Path path) {
    InitramfsFindings found = new InitramfsFindings();
    CpioReader cpio = new CpioReader(found);
    String problem = "";
    try (InitramfsReader reader = InitramfsReader.open(path)) {
      try {
        while (reader.next(cpio).isPresent()) {
          // its entries have been told
        }
      } catch (IOException e) {
        problem = String.valueOf(e.getMessage());
      }
      return new Report(
          reader.packing(), found.initArch(), ExtensionsYaml.names(found.extensions()), problem);
    }
  }
}
