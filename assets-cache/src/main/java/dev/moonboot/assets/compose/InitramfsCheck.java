package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.compose.ComposedInitramfs.Layer;
import dev.moonboot.assets.extension.ExtensionManifest;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import dev.moonboot.json.Json;
import dev.moonboot.yaml.Yaml;
import dev.moonboot.yaml.YamlException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads a composed initramfs again, as a node will, and compares what is found with what was meant.
 * Nothing that writes one is used here.
 */
final class InitramfsCheck {
  private static final int MOST_TOLD = 5;

  /**
   * What an initramfs is to be.
   *
   * @param modules where kernel modules stand in a root file system
   * @param layers in their order
   * @param trees what is to be in a layer, by its image; not for those that were taken over
   * @param early what the kernel is to find before it unpacks anything
   * @param files what else there is to be besides the base and the layers
   */
  record Meant(
      Arch arch,
      String modules,
      List<Layer> layers,
      Map<String, FileTree> trees,
      FileTree early,
      FileTree files) {
    Meant {
      layers = List.copyOf(layers);
      trees = Map.copyOf(trees);
    }
  }

  private final Meant meant;
  private final Scratch scratch;
  private final List<String> problems = new ArrayList<>();

  InitramfsCheck(Meant meant, Scratch scratch) {
    this.meant = meant;
    this.scratch = scratch;
  }

  /**
   * Looks at files that a loader puts behind each other.
   *
   * @throws ComposeException when a node would not make of them what was meant
   */
  void require(List<Path> parts) {
    List<String> found = problems(parts);
    if (!found.isEmpty()) {
      throw new ComposeException(
          "the composed initramfs would not boot as it should, so it is not published: "
              + String.join("; ", found.subList(0, Math.min(MOST_TOLD, found.size())))
              + ". Try another base or other extensions, and report this");
    }
  }

  /** What a node would not take, or take for something else; empty when all is well. */
  List<String> problems(List<Path> parts) {
    problems.clear();
    NodeView view = new NodeView(meant.arch(), meant.modules(), scratch).read(parts);
    problems.addAll(view.problems());
    try {
      compareList(view);
      for (Layer layer : meant.layers()) {
        compare(layer, view);
      }
      compare("early file", expected(meant.early()), view.early());
      compareFiles(expected(meant.files()), view.files());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(problems);
  }

  private void compareList(NodeView view) {
    List<Reported> reported = reported(view.list());
    List<Reported> wanted = meant.layers().stream().map(Reported::of).toList();
    if (!reported.equals(wanted)) {
      problems.add("extensions.yaml lists " + reported + ", not " + wanted);
    }
    compareOrder(reported, view);
    TreeSet<String> unlisted = new TreeSet<>(view.images().keySet());
    reported.forEach(layer -> unlisted.remove(layer.image()));
    unlisted.forEach(image -> problems.add(image + " is not in extensions.yaml"));
    reported.stream()
        .filter(layer -> !view.images().containsKey(layer.image()))
        .forEach(layer -> problems.add(layer.image() + " is listed, but not there"));
  }

  /** Whether each is mounted once, and the index of kernel modules over all that have some. */
  private void compareOrder(List<Reported> reported, NodeView view) {
    Set<String> seen = new HashSet<>();
    reported.stream()
        .filter(layer -> !seen.add(layer.image()))
        .forEach(layer -> problems.add(layer.image() + " is listed twice"));
    List<String> names = reported.stream().map(layer -> layer.manifest().name()).toList();
    int index = names.indexOf("modules.dep");
    boolean modules =
        view.images().values().stream().anyMatch(image -> !image.releases().isEmpty());
    if (index >= 0 && index < names.size() - 1) {
      problems.add("modules.dep is not the last layer, so modules of those over it are not found");
    } else if (index < 0 && modules) {
      problems.add("layers have kernel modules, and there is no modules.dep to find them by");
    }
    if (!reported.isEmpty()) {
      compareRoot(reported.getLast().image(), view);
    }
  }

  /** The node's own root directory is that of the layer on top: what those below have is hidden. */
  private void compareRoot(String top, NodeView view) {
    LayerImage image = view.images().get(top);
    if (image != null && image.rootMode() != 0755) {
      problems.add(
          "%s is on top, and gives / the mode %04o, not 0755".formatted(top, image.rootMode()));
    }
  }

  /** What a node reports of a layer. */
  private record Reported(String image, ExtensionManifest manifest) {
    static Reported of(Layer layer) {
      return new Reported(layer.image(), layer.manifest());
    }

    @Override
    public String toString() {
      return manifest.name() + " " + manifest.version() + " (" + image + ")";
    }
  }

  private List<Reported> reported(String list) {
    List<Reported> reported = new ArrayList<>();
    try {
      if (!list.isEmpty() && Yaml.parseTexts(list) instanceof Json.Obj document) {
        for (Json item : document.array("layers").orElse(List.of())) {
          if (item instanceof Json.Obj layer) {
            reported.add(reported(layer));
          }
        }
      }
    } catch (YamlException e) {
      problems.add("extensions.yaml is no YAML: " + e.getMessage());
    }
    return reported;
  }

  private static Reported reported(Json.Obj layer) {
    Json.Obj metadata = layer.object("metadata").orElse(new Json.Obj(Map.of()));
    String constraint =
        metadata
            .object("compatibility")
            .flatMap(compatibility -> compatibility.object("talos"))
            .flatMap(talos -> talos.text("version"))
            .orElse("");
    return new Reported(
        layer.text("image").orElse(""),
        new ExtensionManifest(
            metadata.text("name").orElse(""),
            metadata.text("version").orElse(""),
            metadata.text("author").orElse(""),
            metadata.text("description").orElse(""),
            constraint,
            metadata.text("extraInfo").orElse("")));
  }

  private void compare(Layer layer, NodeView view) throws IOException {
    LayerImage image = view.images().get(layer.image());
    if (image == null) {
      return;
    }
    FileTree tree = meant.trees().get(layer.image());
    Digest content = tree == null ? image.content() : TreeDigest.of(tree);
    if (image.size() != layer.size() || !image.digest().equals(layer.digest())) {
      problems.add(layer.image() + " has other bytes than were packed");
    } else if (!image.content().equals(content)) {
      problems.add(layer.image() + " has other files than the extension");
    } else if (tree != null && !image.ofRoot()) {
      problems.add(layer.image() + " has files that are not root's");
    }
    for (String release : image.releases()) {
      if (!view.baseReleases().contains(release)) {
        problems.add(
            "%s has modules for the kernel %s, the base for %s"
                .formatted(layer.image(), release, view.baseReleases()));
      }
    }
  }

  private void compare(String what, Map<String, String> wanted, Map<String, String> found) {
    TreeSet<String> paths = new TreeSet<>(wanted.keySet());
    paths.addAll(found.keySet());
    for (String path : paths) {
      if (!wanted.containsKey(path)) {
        problems.add("%s %s is there, and was not meant to be".formatted(what, path));
      } else if (!wanted.get(path).equals(found.get(path))) {
        problems.add(
            "%s %s is %s".formatted(what, path, found.containsKey(path) ? "another" : "missing"));
      }
    }
  }

  /** The base may have more. */
  private void compareFiles(Map<String, String> wanted, Map<String, String> found) {
    Map<String, String> those = new HashMap<>(found);
    those.keySet().retainAll(wanted.keySet());
    compare("file", wanted, those);
  }

  private static Map<String, String> expected(FileTree tree) throws IOException {
    Map<String, String> expected = new HashMap<>();
    tree.<IOException>walk((path, node) -> {
      switch (node) {
        case TreeNode.File file -> {
          try (InputStream in = file.content().open()) {
            expected.put(path, described(0100000 | file.mode(), in));
          }
        }
        case TreeNode.Symlink(var target) -> expected.put(path, described(0120777, target));
        case TreeNode.Directory _, TreeNode.Special _ -> {}
      }
    });
    return expected;
  }

  private static String described(int mode, InputStream content) throws IOException {
    return "%o %s".formatted(mode, Digest.of(content).hex());
  }

  private static String described(int mode, String target) {
    return "%o %s".formatted(mode, Digest.of(target.getBytes(UTF_8)).hex());
  }
}
