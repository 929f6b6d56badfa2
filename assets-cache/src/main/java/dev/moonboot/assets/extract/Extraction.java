package dev.moonboot.assets.extract;

import dev.moonboot.assets.Progress;
import dev.moonboot.assets.extract.Layouts.Candidate;
import dev.moonboot.assets.extract.Layouts.Role;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One image being taken apart: finds the boot files, then has {@link BootFilesWriter} finish them.
 */
final class Extraction {
  private final Layers layers;
  private final BootFileExtractor.Wanted wanted;
  private final Limits limits;
  private final Limits.Used used;
  private final Progress progress;
  private final Path scratch;
  private final Layouts layouts;
  private final LayerScan scan;
  private final ImageTree tree;
  private final List<String> incomplete = new ArrayList<>();
  private List<String> also = List.of();

  Extraction(
      Layers layers,
      BootFileExtractor.Wanted wanted,
      Limits limits,
      Path scratch,
      Progress progress) {
    this.layers = layers;
    this.wanted = wanted;
    this.limits = limits;
    this.used = new Limits.Used(limits);
    this.progress = progress;
    this.scratch = scratch;
    this.layouts = new Layouts(wanted.arch(), wanted.paths());
    this.scan = new LayerScan(wanted.arch(), limits, scratch);
    this.tree = new ImageTree(layers.count());
  }

  /** Files to be taken besides, where the image has them; a UKI has a stub of its own. */
  Extraction alsoTaking(String stub, String loader) {
    also = List.of(stub, loader);
    return this;
  }

  BootFiles run(BootFilesWriter writer) {
    for (int number = layers.count() - 1; number >= 0; number--) {
      Layers.Layer layer = layers.fetch(number);
      if (layer.mediaType().equals(LayerPacking.RAW_FILE) && layers.count() == 1) {
        return writer.uki("raw UKI", rawUki(layer), "the image's only layer");
      }
      progress.step(
          "extract", "layer %d of %d, %s".formatted(number + 1, layers.count(), layer.digest()));
      tree.add(scan.index(layer, used, progress, this::role, tree::isSettled));
      Optional<Candidate> found = decide();
      if (found.isPresent() && isAlsoSettled(found.get())) {
        return write(found.get(), writer);
      }
    }
    throw new ExtractException(nothingFound());
  }

  private Optional<Role> role(String path) {
    return also.contains(path) ? Optional.of(Role.FILE) : layouts.role(path);
  }

  /** Whether lower layers can have nothing that is to be taken besides. */
  private boolean isAlsoSettled(Candidate found) {
    List<String> wanted =
        also.isEmpty() || found instanceof Candidate.Pair ? also : also.subList(1, also.size());
    return wanted.stream().noneMatch(path -> tree.resolve(path) instanceof ImageTree.Place.Unknown);
  }

  /** What was taken besides, by path, in the scratch folder. */
  Map<String, BootFiles.Found> taken() {
    Map<String, BootFiles.Found> taken = new HashMap<>();
    for (String path : also) {
      if (tree.resolve(path) instanceof ImageTree.Place.At) {
        BootFiles.Found found = content(path, Role.FILE, Captured.Whole.class).file();
        verify(path, found);
        taken.put(
            path, new BootFiles.Found(found.file(), found.size(), found.digest(), origin(path)));
      }
    }
    return taken;
  }

  /**
   * The boot files to take; empty when lower layers must be read, or, after the last, when there
   * are none. Complete ones are taken only when none that come before them may still become
   * complete.
   */
  private Optional<Candidate> decide() {
    incomplete.clear();
    for (Candidate candidate : layouts.candidates(tree)) {
      List<String> there = new ArrayList<>();
      List<String> missing = new ArrayList<>();
      boolean open = false;
      for (String path : paths(candidate)) {
        switch (tree.resolve(path)) {
          case ImageTree.Place.At _ -> there.add(path);
          case ImageTree.Place.Absent _ -> missing.add(path);
          case ImageTree.Place.Broken(var why) -> throw new ExtractException(path + " " + why);
          case ImageTree.Place.Unknown _ -> {
            missing.add(path);
            open = true;
            if (tree.has(path)) {
              there.add(path); // a link into a lower layer
            }
          }
        }
      }
      if (missing.isEmpty()) {
        return Optional.of(candidate);
      }
      if (!there.isEmpty() && open) {
        return Optional.empty();
      }
      there.forEach(path -> incomplete.add(path + " is there, but not " + missing));
    }
    return Optional.empty();
  }

  private static List<String> paths(Candidate candidate) {
    return switch (candidate) {
      case Candidate.Pair(var _, var kernel, var initramfs) -> List.of(kernel, initramfs);
      case Candidate.Unified(var _, var path) -> List.of(path);
    };
  }

  private String nothingFound() {
    List<String> seen = tree.visible(Layouts::looksLikeBootFile);
    String arch = wanted.arch().id();
    StringBuilder message =
        new StringBuilder("the image has no kernel and initramfs for " + arch + ": ");
    if (!incomplete.isEmpty()) {
      message.append(String.join("; ", incomplete)).append("; ");
    }
    message.append(
        seen.isEmpty()
            ? "no file in it is named like a boot file"
            : "named like boot files are only "
                + String.join(", ", seen.stream().limit(12).map(ImagePath::shown).toList())
                + (seen.size() > 12 ? " and %d more".formatted(seen.size() - 12) : ""));
    return message.toString();
  }

  private BootFiles write(Candidate candidate, BootFilesWriter writer) {
    return switch (candidate) {
      case Candidate.Pair(var layout, var kernel, var initramfs) ->
          writer.pair(
              layout,
              new BootFilesWriter.Part(whole(kernel, Role.KERNEL), origin(kernel)),
              new BootFilesWriter.Part(whole(initramfs, Role.INITRAMFS), origin(initramfs)));
      case Candidate.Unified(var layout, var path) -> {
        Captured.Uki uki = content(path, Role.UKI, Captured.Uki.class);
        verify(path, uki.image());
        yield writer.uki(layout, uki, origin(path));
      }
    };
  }

  private BootFiles.Found whole(String path, Role role) {
    BootFiles.Found found = content(path, role, Captured.Whole.class).file();
    verify(path, found);
    return found;
  }

  private void verify(String path, BootFiles.Found found) {
    ExtractException.about(path, () -> ChecksumLists.verify(tree, path, found.digest()))
        .ifPresent(list -> progress.step("verify", path + " matches " + list));
  }

  private <T extends Captured> T content(String path, Role role, Class<T> kind) {
    ImageTree.Place.At at = at(path);
    Captured content = at.file().content();
    if (!kind.isInstance(content) && !(content instanceof Captured.Refused)) {
      content = scan.again(layers.fetch(at.layer()), at.path(), role, progress).content();
    }
    if (content instanceof Captured.Refused(var why)) {
      throw new ExtractException(at.path() + " " + why);
    }
    return kind.cast(content);
  }

  private ImageTree.Place.At at(String path) {
    if (tree.resolve(path) instanceof ImageTree.Place.At at) {
      return at;
    }
    throw new IllegalStateException(path + " was found before");
  }

  private String origin(String path) {
    ImageTree.Place.At at = at(path);
    String origin = path.equals(at.path()) ? path : path + " -> " + at.path();
    if (layers.count() > 1) {
      origin += " in layer %d of %d".formatted(at.layer() + 1, layers.count());
    }
    return scan.twice().contains(at.path()) ? origin + " (there twice; the last counts)" : origin;
  }

  private Captured.Uki rawUki(Layers.Layer layer) {
    layer.arrival().awaitWhole();
    try (InputStream in = new BufferedInputStream(new LayerInput.PackedFile(layer))) {
      return ExtractException.about(
          "the image's only layer, a file of type " + layer.mediaType() + ",",
          () ->
              UkiCarver.carve(
                  in,
                  size(layer.file()),
                  scratch.resolve("raw"),
                  new UkiCarver.Target(wanted.arch(), limits)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
