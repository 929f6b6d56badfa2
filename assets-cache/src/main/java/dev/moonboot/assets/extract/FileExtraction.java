package dev.moonboot.assets.extract;

import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.assets.extract.Layouts.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One image of which files are taken as they are. All layers are read, as any may have some of
 * them; the rules of {@link FileRules} say which.
 */
final class FileExtraction {
  /** Every link to a file that was not kept costs another reading of a layer. */
  private static final int MAX_AGAIN = 16;

  private final Layers layers;
  private final BootFileExtractor.Wanted wanted;
  private final FileRules rules;
  private final Limits.Used used;
  private final Progress progress;
  private final LayerScan scan;
  private final ImageTree tree;
  private final Map<String, Found> linked = new HashMap<>();

  FileExtraction(
      Layers layers,
      BootFileExtractor.Wanted wanted,
      Limits limits,
      Path scratch,
      Progress progress) {
    this.layers = layers;
    this.wanted = wanted;
    this.rules =
        switch (wanted.content()) {
          case LOADERS -> new LoaderRules(wanted.arch());
          case FIRMWARE -> FirmwareRules.of(wanted.arch());
          case BOOT -> throw new IllegalArgumentException("boot files have layouts of their own");
        };
    this.used = new Limits.Used(limits);
    this.progress = progress;
    this.scan = new LayerScan(wanted.arch(), limits, scratch);
    this.tree = new ImageTree(layers.count());
  }

  BootFiles run(Path directory) {
    for (int number = layers.count() - 1; number >= 0; number--) {
      Layers.Layer layer = layers.fetch(number);
      progress.step(
          "extract", "layer %d of %d, %s".formatted(number + 1, layers.count(), layer.digest()));
      tree.add(scan.index(layer, used, progress, this::role, tree::isSettled));
    }
    List<String> paths = tree.visible(rules::concerns);
    FileRules.Choice choice = rules.choose(paths);
    Map<AssetName.File, Found> taken = new HashMap<>();
    List<String> refused = new ArrayList<>();
    choice
        .candidates()
        .forEach((name, places) ->
            take(name, places, refused).ifPresent(found -> taken.put(name, found)));
    rules.require(taken, refused.stream().sorted().toList(), tree.visible(_ -> true));
    requireApart(taken.keySet());
    return new BootFiles(
        wanted.content(),
        wanted.arch(),
        choice.layout(),
        choice.leftOut(),
        moved(taken, directory));
  }

  private Optional<Role> role(String path) {
    return rules.mayTake(path) ? Optional.of(Role.FILE) : Optional.empty();
  }

  /** The first that will do. */
  private Optional<Found> take(AssetName.File name, List<String> places, List<String> refused) {
    for (String path : places) {
      Found found = content(path);
      Optional<String> problem = rules.problem(name, found);
      if (problem.isEmpty()) {
        return Optional.of(found);
      }
      refused.add(ImagePath.shown(path) + " " + problem.get());
    }
    return Optional.empty();
  }

  private Found content(String path) {
    return switch (tree.resolve(path)) {
      case ImageTree.Place.At at -> found(path, at);
      case ImageTree.Place.Broken(var why) ->
          throw new ExtractException(ImagePath.shown(path) + " " + why);
      case ImageTree.Place.Absent _, ImageTree.Place.Unknown _ ->
          throw new IllegalStateException(path + " was visible before");
    };
  }

  private Found found(String path, ImageTree.Place.At at) {
    String origin = path.equals(at.path()) ? path : path + " -> " + at.path();
    Found found =
        switch (at.file().content()) {
          case Captured.Whole(var file) -> file;
          case Captured.Refused(var why) -> throw new ExtractException(at.path() + " " + why);
          case Captured _ -> again(at);
        };
    return new Found(found.file(), found.size(), found.digest(), origin);
  }

  private Found again(ImageTree.Place.At at) {
    Found known = linked.get(at.layer() + ":" + at.path());
    if (known != null) {
      return known;
    }
    if (linked.size() == MAX_AGAIN) {
      throw new ExtractException(
          "more than %d files of the image are links to files elsewhere".formatted(MAX_AGAIN));
    }
    Captured content =
        scan.again(layers.fetch(at.layer()), at.path(), Role.FILE, progress).content();
    if (content instanceof Captured.Whole(var file)) {
      linked.put(at.layer() + ":" + at.path(), file);
      return file;
    }
    throw new ExtractException(
        at.path() + " " + (content instanceof Captured.Refused(var why) ? why : "cannot be read"));
  }

  /** No name may be a folder of another. */
  private static void requireApart(Set<AssetName.File> names) {
    for (AssetName.File name : names) {
      for (String above = ImagePath.parent(name.path());
          !above.isEmpty();
          above = ImagePath.parent(above)) {
        if (names.contains(AssetName.file(above))) {
          throw new ExtractException(
              "the image has both a file " + above + " and files in a folder of that name");
        }
      }
    }
  }

  /** Two names of one file are one file still. */
  private static Map<AssetName, Found> moved(Map<AssetName.File, Found> taken, Path directory) {
    Map<Path, Path> places = new HashMap<>();
    Map<AssetName, Found> moved = new HashMap<>();
    taken.forEach((name, found) -> {
      Path to =
          places.computeIfAbsent(found.file(), from -> move(from, directory.resolve(name.path())));
      moved.put(name, new Found(to, found.size(), found.digest(), found.origin()));
    });
    return moved;
  }

  private static Path move(Path from, Path to) {
    try {
      Files.createDirectories(Optional.ofNullable(to.getParent()).orElseThrow());
      return Files.move(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
