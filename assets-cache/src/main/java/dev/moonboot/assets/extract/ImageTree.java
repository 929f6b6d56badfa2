package dev.moonboot.assets.extract;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The image's file system as far as its layers have been read, from the top down. */
final class ImageTree {
  /** How many links may lead to a boot file. */
  private static final int MAX_LINKS = 8;

  /** What a path leads to. */
  sealed interface Place {
    /** A regular file, after all links. */
    record At(int layer, String path, Node.File file) implements Place {}

    /** Nothing is there, and nothing below can change that. */
    record Absent() implements Place {}

    /** A layer not read yet may have it. */
    record Unknown() implements Place {}

    /** Something is there that is no regular file or leads to none. */
    record Broken(String why) implements Place {}
  }

  private static final Place ABSENT = new Place.Absent();
  private static final Place UNKNOWN = new Place.Unknown();

  private final int top;
  private int lowest;
  private final Map<Integer, LayerIndex> layers = new HashMap<>();

  ImageTree(int layerCount) {
    this.top = layerCount - 1;
    this.lowest = layerCount;
  }

  /** Adds the next lower layer. */
  void add(LayerIndex layer) {
    layers.put(--lowest, layer);
  }

  /** Whether all layers have been read. */
  boolean isComplete() {
    return lowest == 0;
  }

  /** Whether a layer that has been read hides what lower ones have at {@code path}. */
  boolean isSettled(String path) {
    return !(find(path, top) instanceof Look.Below);
  }

  /** Whether {@code path} is there, of whatever kind. */
  boolean has(String path) {
    return find(path, top) instanceof Look.There;
  }

  private sealed interface Look {
    record There(int layer, Node node) implements Look {}

    record Gone() implements Look {}

    record Below() implements Look {}
  }

  /** As seen from layer {@code from}, without following links. */
  private Look find(String path, int from) {
    for (int number = from; number >= lowest; number--) {
      LayerIndex layer = layer(number);
      Optional<Node> node = layer.node(path);
      if (node.isPresent()) {
        return new Look.There(number, node.get());
      }
      if (layer.hides(path)) {
        return new Look.Gone();
      }
    }
    return isComplete() ? new Look.Gone() : new Look.Below();
  }

  private LayerIndex layer(int number) {
    LayerIndex layer = layers.get(number);
    if (layer == null) {
      throw new IllegalStateException("layer " + number + " has not been read");
    }
    return layer;
  }

  /** Where {@code path} leads, links followed. */
  Place resolve(String path) {
    return resolve(path, top, 0);
  }

  private Place resolve(String path, int from, int links) {
    if (links > MAX_LINKS) {
      return new Place.Broken("is behind more than " + MAX_LINKS + " links");
    }
    return switch (find(path, from)) {
      // A directory on the way may be a link; a file below a link's own name counts as named.
      case Look.Gone() -> walk(path).map(to -> resolve(to, top, links + 1)).orElse(ABSENT);
      case Look.Below() -> UNKNOWN;
      case Look.There(int layer, Node node) ->
          switch (node) {
            case Node.File file -> new Place.At(layer, path, file);
            case Node.Directory() -> new Place.Broken("is a directory");
            case Node.Special(var kind) -> new Place.Broken("is " + kind.label());
            case Node.Symlink(var target) ->
                whole(target, resolve(target(path, target), top, links + 1));
            case Node.HardLink(var target) ->
                // It keeps what its target was, whatever upper layers put in the target's place.
                ImagePath.clean(target)
                    .map(to -> whole(target, resolve(to, layer, links + 1)))
                    .orElse(outside(target));
          };
    };
  }

  private static Place whole(String target, Place place) {
    return place instanceof Place.Absent
        ? new Place.Broken(
            "is a link to " + ImagePath.shown(target) + ", which is not in the image")
        : place;
  }

  private static Place outside(String target) {
    return new Place.Broken(
        "is a hard link to " + ImagePath.shown(target) + ", which is outside the image");
  }

  /** A symbolic link's target as a path; {@code ..} at the root stays there. */
  private static String target(String link, String target) {
    Deque<String> parts = new ArrayDeque<>();
    if (!target.startsWith("/")) {
      parts.addAll(ImagePath.parts(ImagePath.parent(link)));
    }
    for (String part : ImagePath.parts(target)) {
      if (part.equals("..")) {
        parts.pollLast();
      } else {
        parts.addLast(part);
      }
    }
    return String.join("/", parts);
  }

  /** The same path with its first directory that is a link replaced; empty when none is. */
  private Optional<String> walk(String path) {
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      String directory = path.substring(0, slash);
      if (find(directory, top) instanceof Look.There(int _, Node.Symlink(var target))) {
        return Optional.of(ImagePath.join(target(directory, target), path.substring(slash + 1)));
      }
    }
    return Optional.empty();
  }

  /** All paths that are visible and that {@code wanted} accepts, sorted. */
  List<String> visible(Predicate<String> wanted) {
    TreeSet<String> paths = new TreeSet<>();
    for (int number = top; number >= lowest; number--) {
      for (var entry : layer(number).nodes().entrySet()) {
        String path = entry.getKey();
        if (!(entry.getValue() instanceof Node.Directory)
            && wanted.test(path)
            && find(path, top) instanceof Look.There) {
          paths.add(path);
        }
      }
    }
    return List.copyOf(paths);
  }
}
