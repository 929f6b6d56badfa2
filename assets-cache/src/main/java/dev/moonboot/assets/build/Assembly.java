package dev.moonboot.assets.build;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.Recipe.Input;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts a recipe together, when every input is known. */
final class Assembly {
  /** Each one is a squashfs that the node mounts, and an input that is asked for at every look. */
  static final int MAX_EXTENSIONS = 64;

  private Assembly() {}

  /**
   * What all is put upon.
   *
   * @param of how that is composed itself; null where it is an image
   */
  record Ground(Input base, String version, @Nullable Recipe of) {
    List<Input> extensions() {
      return of == null ? List.of() : of.extensions();
    }
  }

  /**
   * What a composition adds to its ground.
   *
   * @param extensions in the order of the composition
   */
  record Added(List<Input> extensions, @Nullable Input installerBase) {}

  /**
   * The recipe.
   *
   * @throws Objection when it cannot be one
   */
  static Recipe recipe(Composition composition, List<Arch> arches, Ground ground, Added added) {
    List<Input> extensions =
        new ArrayList<>(composition.replace() ? List.of() : ground.extensions());
    extensions.addAll(added.extensions());
    check(composition, extensions);
    List<String> arguments = new ArrayList<>();
    Recipe of = ground.of();
    if (of != null) {
      arguments.addAll(of.arguments());
    }
    arguments.addAll(composition.arguments());
    Composition.Overlay overlay = composition.overlay();
    String board = overlay != null ? overlay.name() : of != null ? of.overlay() : "";
    return new Recipe(
        ground.version(),
        ground.base(),
        added.installerBase(),
        extensions,
        composition.replace(),
        composition.platform(),
        arguments,
        board,
        arches,
        composition.outputs(),
        Objects.requireNonNullElseGet(
            composition.schematic(), () -> Marker.schematic(extensions, arguments, board)));
  }

  private static void check(Composition composition, List<Input> extensions) {
    if (extensions.size() > MAX_EXTENSIONS) {
      throw Objection.later(
          "%s has %d extensions and can have %d: leave some out, or put several into one image"
              .formatted(composition.name(), extensions.size(), MAX_EXTENSIONS));
    }
    Map<Digest, String> seen = new HashMap<>();
    for (Input extension : extensions) {
      String other = seen.putIfAbsent(extension.digest(), extension.name());
      if (other != null) {
        throw Objection.content(
            extension.digest(),
            "extension %s is the same image as %s: leave one of them out"
                .formatted(extension.name(), other));
      }
    }
  }
}
