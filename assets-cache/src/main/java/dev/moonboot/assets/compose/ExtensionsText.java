package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.compose.ComposedInitramfs.Layer;
import dev.moonboot.assets.extension.ExtensionManifest;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes {@code extensions.yaml}, by which Talos's {@code init} finds and orders the layers, in the
 * form in which Talos's imager does: four columns a level, keys in the order of its structures.
 *
 * <p>A text is written plain only where no reader can take it for anything else. YAML 1.1, which
 * Talos's reader follows, has more words for true and false and more forms of numbers than 1.2; so
 * whatever is not a plain word or a version goes in quotes.
 */
final class ExtensionsText {
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9(][A-Za-z0-9._/()@+-]*");
  private static final Pattern LETTER = Pattern.compile("[A-Za-z]");
  private static final Pattern VERSION =
      Pattern.compile("\\d{1,9}\\.\\d{1,9}\\.\\d{1,9}(?:[.+-][A-Za-z0-9.+-]*)?");
  private static final Set<String> TAKEN =
      Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf");
  private static final int INDENT = 4;
  private static final int MAX_SHOWN = 120;
  private static final int MOST_BYTES = (1 << 20) - 64; // what is read of one, with its first line

  private final StringBuilder out = new StringBuilder();
  private long bytes;

  private ExtensionsText() {}

  /**
   * The file's bytes.
   *
   * @throws ComposeException when a manifest has what no text has, or all together have too much
   */
  static byte[] of(List<Layer> layers) {
    ExtensionsText text = new ExtensionsText();
    text.out.append(layers.isEmpty() ? "layers: []\n" : "layers:\n");
    for (Layer layer : layers) {
      int from = text.out.length();
      text.layer(layer);
      text.check(layer, from);
    }
    return text.out.toString().getBytes(UTF_8);
  }

  private void check(Layer layer, int from) {
    bytes += out.substring(from).getBytes(UTF_8).length;
    if (bytes > MOST_BYTES) {
      throw new ComposeException(
          ("extension %s: with its manifest extensions.yaml has over 1 MiB, which is not read; leave"
                  + " an extension out, or have their makers shorten what manifest.yaml says")
              .formatted(shown(layer.manifest())));
    }
  }

  private void layer(Layer layer) {
    ExtensionManifest manifest = layer.manifest();
    requireTexts(manifest);
    out.append("    - image: ").append(scalar(layer.image(), 6)).append('\n');
    out.append("      metadata:\n");
    field(10, "name", manifest.name());
    field(10, "version", manifest.version());
    field(10, "author", manifest.author());
    field(10, "description", manifest.description());
    out.append("          compatibility:\n");
    out.append("              talos:\n");
    field(18, "version", manifest.constraint());
    if (!manifest.extraInfo().isEmpty()) {
      field(10, "extraInfo", manifest.extraInfo());
    }
  }

  /** Half of a surrogate pair is no character, and UTF-8 has no bytes for it. */
  private static void requireTexts(ExtensionManifest manifest) {
    String all =
        String.join(
            "\n",
            manifest.name(),
            manifest.version(),
            manifest.author(),
            manifest.description(),
            manifest.constraint(),
            manifest.extraInfo());
    if (all.codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
      throw new ComposeException(
          ("extension %s: its manifest has half of a character (U+D800 to U+DFFF), which"
                  + " extensions.yaml cannot have; have its maker mend manifest.yaml")
              .formatted(shown(manifest)));
    }
  }

  /** Its name for a message: that of a base's extension may be anything. */
  private static String shown(ExtensionManifest manifest) {
    String name = manifest.name().replaceAll("[\\p{Cntrl}\\p{Cs}]", "?");
    return name.substring(0, Math.min(MAX_SHOWN, name.length()));
  }

  private void field(int indent, String key, String value) {
    out.repeat(' ', indent).append(key).append(": ").append(scalar(value, indent)).append('\n');
  }

  /** A text as a value of a key that stands {@code indent} columns in. */
  static String scalar(String text, int indent) {
    if (isPlain(text)) {
      return text;
    } else if (isBlock(text)) {
      return block(text, indent + INDENT);
    } else if (text.codePoints().allMatch(ExtensionsText::isVisible)) {
      return "'" + text.replace("'", "''") + "'";
    }
    return quoted(text);
  }

  private static boolean isPlain(String text) {
    return isWords(text) || VERSION.matcher(text).matches();
  }

  /** Not by one pattern: descriptions are long, and it would go as deep as there are words. */
  private static boolean isWords(String text) {
    return LETTER.matcher(text).lookingAt()
        && Stream.of(text.split(" ", -1)).allMatch(word -> WORD.matcher(word).matches())
        && !TAKEN.contains(text.toLowerCase(Locale.ROOT));
  }

  /** Whether a literal block gives the text back with every reader. */
  private static boolean isBlock(String text) {
    return text.indexOf('\n') > 0
        && text.codePoints().allMatch(c -> c == '\n' || isVisible(c))
        && !text.endsWith("\n\n")
        && !text.startsWith(" ")
        && text.lines().noneMatch(line -> line.isBlank() && !line.isEmpty());
  }

  private static String block(String text, int indent) {
    StringBuilder block = new StringBuilder(text.endsWith("\n") ? "|" : "|-");
    text.lines()
        .forEach(line -> block.append('\n').repeat(' ', line.isEmpty() ? 0 : indent).append(line));
    return block.toString();
  }

  /** Neither a control character nor one that YAML 1.1 takes for a line's end or a mark. */
  private static boolean isVisible(int c) {
    return c >= ' '
        && !(c >= 0x7f && c < 0xa0)
        && c != 0x2028
        && c != 0x2029
        && c != 0xfeff
        && c < 0x10000 // no reader of YAML 1.1 must take others unescaped
        && !Character.isSurrogate((char) c)
        && c != 0xfffe
        && c != 0xffff;
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints().forEach(c -> escape(quoted, c));
    return quoted.append('"').toString();
  }

  private static void escape(StringBuilder to, int c) {
    switch (c) {
      case '"' -> to.append("\\\"");
      case '\\' -> to.append("\\\\");
      case '\n' -> to.append("\\n");
      case '\t' -> to.append("\\t");
      default -> {
        if (isVisible(c)) {
          to.appendCodePoint(c);
        } else if (c > 0xffff) {
          to.append("\\U%08X".formatted(c));
        } else {
          to.append("\\u%04X".formatted(c));
        }
      }
    }
  }
}
