package dev.moonboot.assets.build;

import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.schematic.Schematic;
import dev.moonboot.json.Json;
import java.util.List;
import java.util.Map;

/** What the marker of a composed release says: with which extensions and arguments it was made. */
final class Marker {
  private Marker() {}

  /**
   * What was put upon the base, as a schematic. With nothing but official extensions it has the id
   * that Image Factory would give it; any other extension is named by its digest, so that another
   * digest is another schematic, and another registry is not.
   */
  static String schematic(List<Input> extensions, List<String> arguments, String overlay) {
    List<String> officials =
        extensions.stream().filter(Marker::isOfficial).map(Input::name).toList();
    List<String> others =
        extensions.stream().filter(input -> !isOfficial(input)).map(Marker::name).toList();
    Schematic plain = Schematic.EMPTY;
    return new Schematic(
            overlay.isEmpty() ? null : new Schematic.Overlay("", overlay, new Json.Obj(Map.of())),
            plain.machineConfiguration(),
            arguments,
            plain.meta(),
            officials,
            others,
            plain.bootloader(),
            plain.secureBoot(),
            plain.sectorSize())
        .canonical();
  }

  /** A person called it by its name in a catalog: images have a tag, a digest or a scheme. */
  private static boolean isOfficial(Input extension) {
    return extension.name().indexOf(':') < 0 && extension.name().indexOf('@') < 0;
  }

  /** Without registry, organisation or folder: what a mirror has is the same. */
  private static String name(Input extension) {
    return extension.image().source() instanceof SourceImage.Repository(_, var path)
        ? path.substring(path.lastIndexOf('/') + 1) + "@" + extension.digest()
        : extension.digest().toString();
  }
}
