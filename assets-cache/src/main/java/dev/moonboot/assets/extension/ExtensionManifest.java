package dev.moonboot.assets.extension;

import static dev.moonboot.assets.extension.LintRule.MANIFEST;

import dev.moonboot.json.Json;
import dev.moonboot.yaml.Yaml;
import dev.moonboot.yaml.YamlException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code manifest.yaml} of an extension says (Talos, pkg/machinery/extensions/metadata.go).
 * Fields that Talos does not know are passed over, as Talos does.
 *
 * @param name never empty
 * @param version of the extension; may be empty, as all that follows
 * @param constraint on the version of Talos; empty for none
 * @param extraInfo as it is written
 */
public record ExtensionManifest(
    String name,
    String version,
    String author,
    String description,
    String constraint,
    String extraInfo) {
  static final String FORM = "v1alpha1";

  private static final int MAX_SIZE = 256 << 10;
  private static final int MAX_NAME = 256;
  private static final String WAY_OUT = "the maker of the image has to mend it";

  /**
   * Reads one.
   *
   * @param yaml the file's text
   * @throws ExtensionException when Talos could not read it
   */
  public static ExtensionManifest read(String yaml) {
    if (yaml.length() > MAX_SIZE) {
      throw wrong("manifest.yaml has more than 256 KiB", WAY_OUT);
    }
    Json.Obj manifest = object(yaml);
    String form = manifest.text("version").orElse("");
    if (!form.equals(FORM)) {
      throw wrong(
          form.isEmpty()
              ? "manifest.yaml has no version of its form"
              : "manifest.yaml is of the form "
                  + Finding.shown(form)
                  + ", of which Talos knows none",
          "only version: " + FORM + " is read; " + WAY_OUT);
    }
    Json.Obj metadata = object(manifest, "metadata");
    Json.Obj talos = object(object(metadata, "compatibility"), "talos");
    return new ExtensionManifest(
        name(metadata),
        word(metadata, "version"),
        text(metadata, "author"),
        text(metadata, "description"),
        word(talos, "version"),
        text(metadata, "extraInfo"));
  }

  private static Json.Obj object(String yaml) {
    try {
      if (Yaml.parseTexts(yaml) instanceof Json.Obj manifest) {
        return manifest;
      }
    } catch (YamlException e) {
      throw wrong(
          "manifest.yaml is no YAML: " + Finding.shown(String.valueOf(e.getMessage())), WAY_OUT);
    }
    throw wrong("manifest.yaml is no mapping", WAY_OUT);
  }

  private static Json.Obj object(Json.Obj in, String name) {
    return switch (in.member(name).orElse(new Json.Str(""))) {
      case Json.Obj object -> object;
      case Json.Str(var text) when text.isEmpty() -> new Json.Obj(Map.of());
      case Json _ -> throw wrong("manifest.yaml has a " + name + " that is no mapping", WAY_OUT);
    };
  }

  private static String name(Json.Obj metadata) {
    String name = word(metadata, "name");
    if (name.isEmpty()) {
      throw wrong("manifest.yaml has no metadata.name", WAY_OUT);
    }
    return name;
  }

  /** A text that stands in lists and messages. */
  private static String word(Json.Obj in, String field) {
    String word = text(in, field);
    if (word.length() > MAX_NAME || word.chars().anyMatch(Character::isISOControl)) {
      throw wrong(
          "manifest.yaml has a " + field + " of more than one line or 256 characters", WAY_OUT);
    }
    return word;
  }

  private static String text(Json.Obj in, String field) {
    Optional<Json> value = in.member(field);
    if (value.isPresent() && !(value.get() instanceof Json.Str)) {
      throw wrong("manifest.yaml has a " + field + " that is no text", WAY_OUT);
    }
    return in.text(field).orElse("");
  }

  private static ExtensionException wrong(String why, String wayOut) {
    return new ExtensionException(Finding.error(MANIFEST, List.of(), why, wayOut));
  }
}
