package dev.moonboot.assets.extract;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one layer adds and hides (image-spec, layer.md, "Whiteouts"). What it hides is hidden in the
 * layers below it only, wherever in the archive the whiteout stands.
 */
final class LayerIndex {
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";

  private final Map<String, Node> nodes = new HashMap<>();
  private final Set<String> whiteouts = new HashSet<>();
  private final Set<String> opaque = new HashSet<>();

  /** Notes a whiteout; false when {@code path} is none. */
  boolean hide(String path) {
    String name = ImagePath.name(path);
    if (!name.startsWith(WHITEOUT)) {
      return false;
    }
    String directory = ImagePath.parent(path);
    if (name.equals(OPAQUE)) {
      opaque.add(directory);
    } else {
      whiteouts.add(ImagePath.join(directory, name.substring(WHITEOUT.length())));
    }
    return true;
  }

  /** Adds what is at {@code path}; gives what was there before in this layer. */
  Optional<Node> put(String path, Node node) {
    return Optional.ofNullable(nodes.put(path, node));
  }

  Optional<Node> node(String path) {
    return Optional.ofNullable(nodes.get(path));
  }

  Map<String, Node> nodes() {
    return nodes;
  }

  /** Whether what lower layers have at {@code path} is gone. */
  boolean hides(String path) {
    if (whiteouts.contains(path)) {
      return true;
    }
    for (String above = path; !above.isEmpty(); ) {
      above = ImagePath.parent(above);
      Node node = nodes.get(above);
      boolean replaced = node != null && !(node instanceof Node.Directory) && !above.isEmpty();
      if (replaced || opaque.contains(above) || whiteouts.contains(above)) {
        return true;
      }
    }
    return false;
  }
}
