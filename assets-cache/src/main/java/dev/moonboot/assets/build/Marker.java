package dev.moonboot.assets.build;

import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.SourceImage;
import java.util.List;

/** What the marker of a composed release says: which extensions and arguments it was made with. */
final class Marker {
  private Marker() {}

  /**
   * A schematic of what was put upon the base. Extensions that came by image are named by their
   * digests, so that another digest is another schematic.
   */
  static String schematic(List<Input> extensions, List<String> arguments, String overlay) {
    StringBuilder text = new StringBuilder();
    if (!overlay.isEmpty()) {
      text.append("overlay:\n    name: ").append(quoted(overlay)).append('\n');
    }
    text.append("customization:");
    if (extensions.isEmpty() && arguments.isEmpty()) {
      return text.append(" {}\n").toString();
    }
    text.append('\n');
    if (!arguments.isEmpty()) {
      text.append("    extraKernelArgs:\n");
      arguments.forEach(
          argument -> text.append("        - ").append(quoted(argument)).append('\n'));
    }
    if (!extensions.isEmpty()) {
      text.append("    systemExtensions:\n        customExtensions:\n");
      extensions.forEach(
          extension -> text.append("            - ").append(quoted(name(extension))).append('\n'));
    }
    return text.toString();
  }

  /** Without a folder of this disk: the same files elsewhere are the same. */
  private static String name(Input extension) {
    return extension.image().source() instanceof SourceImage.Repository repository
        ? repository.display() + "@" + extension.digest()
        : extension.digest().toString();
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
