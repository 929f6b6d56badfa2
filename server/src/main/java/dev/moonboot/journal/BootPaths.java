package dev.moonboot.journal;

import java.util.Optional;
import java.util.regex.Pattern;

/** Finds our files in the lines of a boot script. */
final class BootPaths {
  private static final String FOLDER = "assets/";
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{[^}]*}");

  private BootPaths() {}

  /**
   * The path below {@code /assets/} in a kernel or initrd line, which may have iPXE options before
   * the URL; nothing when the line names no file of ours.
   */
  static Optional<String> of(String entry) {
    for (String word : BLANKS.split(entry, -1)) {
      int at = word.startsWith(FOLDER) ? 0 : word.indexOf("/" + FOLDER);
      if (at >= 0) {
        return Optional.of(clean(word.substring(at)));
      }
    }
    return Optional.empty();
  }

  /** Without slashes before it, the folder and a query. */
  static String clean(String path) {
    String name = path.replaceFirst("^/+", "");
    name = name.startsWith(FOLDER) ? name.substring(FOLDER.length()) : name;
    int query = name.indexOf('?');
    return query < 0 ? name : name.substring(0, query);
  }

  /** What a path with iPXE variables in it becomes: any text stands for a variable. */
  static Pattern pattern(String path) {
    StringBuilder pattern = new StringBuilder();
    int from = 0;
    var variable = VARIABLE.matcher(path);
    while (variable.find()) {
      pattern.append(Pattern.quote(path.substring(from, variable.start()))).append("[^/]*");
      from = variable.end();
    }
    return Pattern.compile(pattern + Pattern.quote(path.substring(from)));
  }
}
