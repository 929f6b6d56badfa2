package dev.moonboot.assets.extract;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads names and versions out of the {@code extensions.yaml} of an initramfs, in the one form in
 * which Talos writes it. The list is for people, so a line in another form is passed over.
 */
final class ExtensionsYaml {
  private static final int MAX_EXTENSIONS = 256;
  private static final int MAX_VALUE = 120;

  private final List<String> names = new ArrayList<>();
  private int metadata = -1; // indentation of the open "metadata:"; −1 when none is
  private int keys = -1; // indentation of the keys in it
  private String name = "";
  private String version = "";

  private ExtensionsYaml() {}

  /** {@code name version} of each layer, in order. */
  static List<String> names(String yaml) {
    ExtensionsYaml reader = new ExtensionsYaml();
    yaml.lines().forEach(reader::line);
    reader.close();
    return reader.names;
  }

  private void line(String line) {
    String text = line.strip();
    if (text.isEmpty()) {
      return;
    }
    int indent = line.indexOf(text.charAt(0));
    if (indent <= metadata) {
      close();
    }
    if (text.equals("metadata:") && metadata < 0) {
      metadata = indent;
      keys = -1;
    } else if (metadata >= 0 && (keys < 0 || indent == keys)) {
      keys = indent; // deeper lines belong to a key's value, which may look like keys
      key(text);
    }
  }

  private void key(String text) {
    if (text.startsWith("name:")) {
      name = value(text.substring(5));
    } else if (text.startsWith("version:")) {
      version = value(text.substring(8));
    }
  }

  private static String value(String text) {
    String value = text.strip();
    boolean quoted =
        value.length() >= 2
            && (value.charAt(0) == '"' || value.charAt(0) == '\'')
            && value.charAt(0) == value.charAt(value.length() - 1);
    String bare = quoted ? value.substring(1, value.length() - 1) : value;
    String visible = bare.replaceAll("\\p{Cntrl}", "?");
    return visible.substring(0, Math.min(MAX_VALUE, visible.length()));
  }

  private void close() {
    if (!name.isEmpty() && names.size() < MAX_EXTENSIONS) {
      names.add(version.isEmpty() ? name : name + " " + version);
    }
    metadata = -1;
    name = "";
    version = "";
  }
}
