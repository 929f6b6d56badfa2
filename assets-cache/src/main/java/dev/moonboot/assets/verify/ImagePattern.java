package dev.moonboot.assets.verify;

import dev.moonboot.assets.SourceImage;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which source images a rule is for: a repository as moonboot writes it ({@code
 * ghcr.io/acme/talos}, {@code oci:/srv/talos}), without tag and digest, where {@code *} stands for
 * any text, slashes included. Upper and lower case are the same.
 */
public final class ImagePattern {
  private static final Pattern ALLOWED = Pattern.compile("[\\x21-\\x7e]{1,512}");

  private final String text;
  private final Pattern pattern;

  private ImagePattern(String text, Pattern pattern) {
    this.text = text;
    this.pattern = pattern;
  }

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException when it could match nothing
   */
  public static ImagePattern parse(String text) {
    if (!ALLOWED.matcher(text).matches()) {
      throw new IllegalArgumentException("no pattern of printable characters without blanks");
    }
    if (text.contains("@") || text.contains("://")) {
      throw new IllegalArgumentException("a repository has no digest and no scheme");
    }
    String regex =
        Arrays.stream(text.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
    return new ImagePattern(
        text, Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.DOTALL));
  }

  /** Whether it is for images of that source. */
  public boolean matches(SourceImage source) {
    return pattern.matcher(source.display()).matches();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ImagePattern that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }
}
