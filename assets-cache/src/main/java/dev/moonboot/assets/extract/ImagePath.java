package dev.moonboot.assets.extract;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Paths inside an image: text without leading slash, parts separated by {@code /}; "" is the root.
 */
final class ImagePath {
  /** Longer ones exist in images, but never lead to a boot file. */
  private static final int MAX_LENGTH = 512;

  private ImagePath() {}

  /**
   * The path that a name in an archive stands for, as it is written: leading and double slashes and
   * {@code .} go. Empty for one with {@code ..}, a NUL or bytes that are no UTF-8, and for overlong
   * ones: no such entry can be a boot file, and it is passed over.
   */
  static Optional<String> clean(String name) {
    if (name.length() > MAX_LENGTH || name.indexOf('\0') >= 0 || name.indexOf('\ufffd') >= 0) {
      return Optional.empty();
    }
    List<String> parts = parts(name);
    return parts.contains("..") ? Optional.empty() : Optional.of(String.join("/", parts));
  }

  /** The parts of a path, without empty ones and {@code .}. */
  static List<String> parts(String path) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    while (from <= path.length()) {
      int slash = path.indexOf('/', from);
      int to = slash < 0 ? path.length() : slash;
      String part = path.substring(from, to);
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
      from = to + 1;
    }
    return parts;
  }

  /** The directory a path is in. */
  static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  /** The last part. */
  static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  static String join(String directory, String name) {
    return directory.isEmpty() ? name : directory + "/" + name;
  }

  static boolean isPattern(String path) {
    return path.indexOf('*') >= 0 || path.indexOf('?') >= 0;
  }

  /** A pattern of {@link BootPaths} as a regular expression. */
  static Pattern pattern(String glob) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (c == '*' && glob.startsWith("**", i)) {
        regex.append(".*");
        i++;
      } else if (c == '*' || c == '?') {
        regex.append(c == '*' ? "[^/]*" : "[^/]");
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString());
  }

  /** A name from an archive, fit for a message: short, and without control characters. */
  static String shown(String name) {
    String visible = name.replaceAll("\\p{Cntrl}", "?");
    return visible.length() <= 120 ? visible : visible.substring(0, 117) + "...";
  }
}
