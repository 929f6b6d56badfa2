package dev.moonboot.assets.extension;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import dev.moonboot.json.Json;
import dev.moonboot.yaml.Yaml;
import dev.moonboot.yaml.YamlException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of catalog images. */
final class CatalogFiles {
  private static final int MAX_SIZE = 1 << 20;
  private static final Pattern PINNED =
      Pattern.compile(
          "([a-zA-Z0-9.-]{1,253}(?::[0-9]{1,5})?)/([a-z0-9][a-z0-9._/-]{0,254})"
              + "(?::([a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))");

  private CatalogFiles() {}

  /** An image with its digest. */
  record Pinned(String path, ImageReference reference) {}

  static String text(String origin, FileTree tree, String name) {
    TreeNode.File file = tree.file(name);
    if (file == null) {
      throw wrong(origin, "has no file " + name + ", and so is no catalog");
    }
    return text(origin, name, file);
  }

  private static String text(String origin, String name, TreeNode.File file) {
    require(file.content().size() <= MAX_SIZE, origin, "has a " + name + " of more than 1 MiB");
    return ExtensionImage.text(file);
  }

  /** The mapping in a file; an empty one where there is no such file. */
  static Json.Obj yaml(String origin, FileTree tree, String name) {
    TreeNode.File file = tree.file(name);
    if (file == null) {
      return new Json.Obj(Map.of());
    }
    try {
      if (Yaml.parseTexts(text(origin, name, file)) instanceof Json.Obj mapping) {
        return mapping;
      }
    } catch (YamlException e) {
      throw new ExtensionException(
          origin
              + " has a "
              + name
              + " that is no YAML: "
              + Finding.shown(String.valueOf(e.getMessage())),
          e);
    }
    throw wrong(origin, "has a " + name + " that is no mapping");
  }

  /** {@code registry/path:tag@sha256:…}. */
  static Pinned pinned(String origin, String text) {
    Matcher match = PINNED.matcher(text);
    require(
        match.matches(), origin, "lists what is no image with its digest: " + Finding.shown(text));
    String path = match.group(2);
    SourceImage source = new SourceImage.Repository(match.group(1), path);
    Digest digest = Digest.parse(match.group(4));
    return new Pinned(path, new ImageReference(source, match.group(3), digest));
  }

  static void require(boolean condition, String origin, String otherwise) {
    if (!condition) {
      throw wrong(origin, otherwise);
    }
  }

  private static ExtensionException wrong(String origin, String what) {
    return new ExtensionException(
        origin + " " + what + "; see whether it is the catalog of a Talos release", null);
  }
}
