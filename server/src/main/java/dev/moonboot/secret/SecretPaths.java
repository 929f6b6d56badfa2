package dev.moonboot.secret;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Paths by pattern: {@code *} stands for a part of one name, {@code **} for names and folders. */
final class SecretPaths {
  private final List<Pattern> patterns;

  SecretPaths(List<String> globs) {
    this.patterns =
        globs.stream().flatMap(glob -> Stream.of(glob, glob + "/**")).map(SecretPaths::of).toList();
  }

  private static Pattern of(String glob) {
    StringBuilder pattern = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (glob.startsWith("/**", i) && i + 3 == glob.length()) {
        pattern.append("(/.*)?"); // the folder itself, too
        break;
      } else if (glob.startsWith("**", i)) {
        pattern.append(".*");
        i++;
      } else {
        pattern.append(c == '*' ? "[^/]*" : c == '?' ? "[^/]" : Pattern.quote("" + c));
      }
    }
    return Pattern.compile(pattern.toString(), Pattern.DOTALL);
  }

  /**
   * Whether a pattern stands for {@code path}, or for a folder that it lies in.
   *
   * @param path without slashes around it
   */
  boolean contain(String path) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(path).matches());
  }
}
