package dev.moonboot.assets.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Progress;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/**
 * Takes the whole file system of an image: its layers, one upon the other (image-spec, layer.md).
 *
 * <p>Nothing is made on disk but one file, into which the contents of all files go; so links and
 * names lead nowhere. Where unpackers differ the image is refused, or what was done is told.
 */
public final class TreeExtraction {
  private static final int MAX_PATH = 4096; // Linux: PATH_MAX, in bytes and with a NUL
  private static final int MAX_NAME = 255; // Linux: NAME_MAX, in bytes
  private static final int MAX_DEPTH = 256;
  private static final int MAX_ATTRIBUTES = 16;

  private final Layers layers;
  private final Limits limits;
  private final Limits.Used used;
  private final Progress progress;
  private final LayeredTree tree;
  private final SortedSet<String> attributes = new TreeSet<>();

  private TreeExtraction(Layers layers, Limits limits, Progress progress) {
    this.layers = layers;
    this.limits = limits;
    this.used = new Limits.Used(limits);
    this.progress = progress;
    this.tree = new LayeredTree(limits.treeNodes());
  }

  /**
   * The file system of an image.
   *
   * @param tree its files' contents are in the spool file, and are gone with it
   * @param bytes of all files, those that upper layers hide included
   * @param lostAttributes names of extended attributes that files had, which are not kept: {@code
   *     security.selinux}, {@code security.capability}
   * @param replacedLinks symbolic links below which the image has files: a directory stands in the
   *     place of each
   */
  public record Unpacked(
      FileTree tree, long bytes, SortedSet<String> lostAttributes, List<String> replacedLinks) {
    public Unpacked {
      lostAttributes = Collections.unmodifiableSortedSet(new TreeSet<>(lostAttributes));
      replacedLinks = List.copyOf(replacedLinks);
    }
  }

  /**
   * Unpacks all layers, the lowest first; their digests are checked as they are read.
   *
   * @param spool a file that is created; after a failure it is to be thrown away
   * @throws ExtractException when the image's content will not do
   * @throws UncheckedIOException when {@code spool} or a layer's file fails
   */
  public static Unpacked unpack(Layers layers, Path spool, Progress progress) {
    return unpack(layers, spool, progress, _ -> {});
  }

  /**
   * As {@link #unpack(Layers, Path, Progress)}, asking for room again and again: what an image
   * unpacks to is not known before.
   *
   * @param needRoom told how many bytes are about to be written; throws when there is no room
   */
  public static Unpacked unpack(
      Layers layers, Path spool, Progress progress, LongConsumer needRoom) {
    return new TreeExtraction(layers, Limits.DEFAULT, progress).run(spool, needRoom);
  }

  static Unpacked unpack(Layers layers, Path spool, Progress progress, Limits limits) {
    return new TreeExtraction(layers, limits, progress).run(spool, _ -> {});
  }

  private Unpacked run(Path path, LongConsumer needRoom) {
    try (Spool spool = new Spool(path, needRoom)) {
      for (int number = 0; number < layers.count(); number++) {
        Layers.Layer layer = layers.fetch(number);
        progress.step(
            "unpack", "layer %d of %d, %s".formatted(number + 1, layers.count(), layer.digest()));
        tree.nextLayer();
        unpack(layer, spool);
      }
      return new Unpacked(tree.build(), spool.size(), attributes, tree.replacedLinks());
    }
  }

  private void unpack(Layers.Layer layer, Spool spool) {
    try (LayerInput input = LayerInput.open(layer, used, progress)) {
      TarReader tar = new TarReader(input, used);
      for (var next = tar.next(); next.isPresent(); next = tar.next()) {
        add(next.get(), tar, spool);
      }
      input.finish();
    }
  }

  private void add(TarEntry entry, TarReader tar, Spool spool) {
    List<String> path = path(entry.name());
    used.name(entry.name());
    if (tree.hide(path)) {
      return;
    }
    used.name(entry.link());
    entry.attributes().forEach(this::lost);
    switch (entry.kind()) {
      case DIRECTORY -> tree.directory(path, entry.mode());
      case SYMLINK -> tree.put(path, new TreeNode.Symlink(target(entry)));
      case HARD_LINK -> tree.put(path, linked(entry));
      case FILE -> tree.put(path, file(entry, tar, spool));
      case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO ->
          tree.put(path, new TreeNode.Special(entry.kind().label().replaceFirst("^an? ", "")));
      case CONTIGUOUS, SPARSE, UNKNOWN ->
          throw refused(entry.name(), "is " + entry.kind().label() + ", which is not unpacked");
    }
  }

  /** The first few names are enough to tell of them. */
  private void lost(String attribute) {
    if (attributes.size() < MAX_ATTRIBUTES) {
      attributes.add(ImagePath.shown(attribute));
    }
  }

  private TreeNode file(TarEntry entry, TarReader tar, Spool spool) {
    if (entry.size() > limits.treeBytes() - spool.size()) {
      throw new ExtractException(
          "the image's files have more than "
              + Limits.bytes(limits.treeBytes())
              + "; it is not read further");
    }
    return new TreeNode.File(entry.mode(), spool.add(tar.body()));
  }

  private static String target(TarEntry entry) {
    String target = entry.link();
    if (target.isEmpty() || bytes(target) >= MAX_PATH || isBroken(target)) {
      throw refused(
          entry.name(), "is a symbolic link whose target is empty, too long, or no text in UTF-8");
    }
    return target;
  }

  private TreeNode linked(TarEntry entry) {
    List<String> path = ImagePath.parts(entry.link());
    Optional<TreeNode> target = path.contains("..") ? Optional.empty() : tree.node(path);
    if (target.isEmpty() || target.get() instanceof TreeNode.Directory) {
      throw refused(
          entry.name(),
          "is a hard link to "
              + ImagePath.shown(entry.link())
              + (target.isEmpty() ? ", which is not in the image" : ", which is a directory"));
    }
    return target.get();
  }

  /** The parts of a name; none for the root. */
  private static List<String> path(String name) {
    List<String> parts = ImagePath.parts(name);
    if (isBroken(name)) {
      throw refused(name, "has a name that is no text in UTF-8");
    }
    if (parts.contains("..")) {
      throw refused(name, "has a name that leads out of its directory");
    }
    if (bytes(name) >= MAX_PATH
        || parts.size() > MAX_DEPTH
        || parts.stream().anyMatch(part -> bytes(part) > MAX_NAME)) {
      throw refused(
          name,
          "has too long a name: at most %d bytes, %d in a part, and %d parts"
              .formatted(MAX_PATH - 1, MAX_NAME, MAX_DEPTH));
    }
    return parts;
  }

  private static int bytes(String text) {
    return text.getBytes(UTF_8).length;
  }

  private static boolean isBroken(String text) {
    return text.indexOf('\0') >= 0 || text.indexOf('\ufffd') >= 0;
  }

  private static ExtractException refused(String name, String why) {
    return new ExtractException("the image's entry " + ImagePath.shown(name) + " " + why);
  }
}
