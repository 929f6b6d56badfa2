package dev.moonboot.ignition;

import dev.moonboot.json.Json;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** File systems. */
final class FilesystemRules {
  private static final String NONE = "none";

  /** Format, and how many bytes a label may have. */
  private static final Map<String, Integer> LABELS =
      Map.of("ext4", 16, "btrfs", 256, "xfs", 12, "swap", 15, "vfat", 11, NONE, Integer.MAX_VALUE);

  private FilesystemRules() {}

  static void check(int minor, Json.Obj filesystem, Place place, Problems problems) {
    Rules.text(filesystem, "path")
        .ifPresent(path -> Rules.path(path, place.member("path"), problems));
    Rules.path(filesystem.text("device").orElse(""), place.member("device"), problems);
    String format = Rules.text(filesystem, "format").orElse(null);
    if (format == null) {
      if (needsFormat(filesystem)) {
        problems.add(place.member("format"), "is missing, and the file system is described");
      }
      return;
    }
    Integer longest = longestLabel(format, minor);
    if (longest == null) {
      problems.add(place.member("format"), "is none that Ignition makes");
    } else if (filesystem.text("label").filter(label -> Rules.bytes(label) > longest).isPresent()) {
      problems.add(place.member("label"), "is longer than the " + longest + " bytes of its format");
    }
  }

  private static @Nullable Integer longestLabel(String format, int minor) {
    return format.equals(NONE) && minor < 3 ? null : LABELS.get(format);
  }

  private static boolean needsFormat(Json.Obj filesystem) {
    return Stream.of("path", "label", "uuid")
            .anyMatch(name -> Rules.text(filesystem, name).isPresent())
        || Rules.isTrue(filesystem, "wipeFilesystem")
        || filesystem.array("mountOptions").isPresent()
        || filesystem.array("options").isPresent();
  }
}
