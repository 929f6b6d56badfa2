package dev.moonboot.assets.extract;

import dev.moonboot.assets.Digest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checksum lists that an image carries beside its boot files ({@code checksums.sha256}, {@code
 * SHA256SUMS}, {@code <file>.sha256}): what they say of a file must be true.
 */
final class ChecksumLists {
  /** A list is text for people; a larger file is something else. */
  static final long MAX_SIZE = 256 << 10;

  private static final List<String> NAMES = List.of("checksums.sha256", "SHA256SUMS");
  private static final String SUFFIX = ".sha256";
  private static final Pattern LINE =
      Pattern.compile("\\\\?([0-9A-Fa-f]{64})(?:[ \\t]+\\*?(.*\\S))?\\s*");

  private ChecksumLists() {}

  static boolean isList(String path) {
    return path.endsWith(SUFFIX) || NAMES.contains(ImagePath.name(path));
  }

  /**
   * Holds a boot file against every list that is beside it or in a directory above.
   *
   * @return which list named it; empty when none did
   * @throws ExtractException when one says otherwise
   */
  static Optional<String> verify(ImageTree tree, String path, Digest digest) {
    Optional<String> verified = check(tree, path + SUFFIX, ImagePath.name(path), digest, true);
    String directory = path;
    do {
      directory = ImagePath.parent(directory);
      String below = path.substring(directory.isEmpty() ? 0 : directory.length() + 1);
      for (String name : NAMES) {
        Optional<String> found = check(tree, ImagePath.join(directory, name), below, digest, false);
        verified = found.isPresent() ? found : verified;
      }
    } while (!directory.isEmpty());
    return verified;
  }

  private static Optional<String> check(
      ImageTree tree, String list, String name, Digest digest, boolean own) {
    if (!(tree.resolve(list) instanceof ImageTree.Place.At(int _, String _, Node.File file))
        || !(file.content() instanceof Captured.Text(var text))) {
      return Optional.empty();
    }
    for (String line : text.split("\n", -1)) {
      Matcher match = LINE.matcher(line);
      if (match.matches() && names(match.group(2), name, own)) {
        if (!match.group(1).equalsIgnoreCase(digest.hex())) {
          throw new ExtractException(
              "does not match %s, which says sha256 %s; it has %s"
                  .formatted(list, match.group(1), digest.hex()));
        }
        return Optional.of(list);
      }
    }
    return Optional.empty();
  }

  /** A file's own list may name it in any way, or not at all. */
  private static boolean names(@Nullable String listed, String name, boolean own) {
    if (listed == null) {
      return own;
    }
    Optional<String> path = ImagePath.clean(listed);
    return path.isPresent()
        && (own ? ImagePath.name(path.get()).equals(name) : path.get().equals(name));
  }
}
