package dev.moonboot.assets.extension;

import static dev.moonboot.assets.extension.LintRule.LAYOUT;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.extract.TreeExtraction.Unpacked;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One system extension.
 *
 * @param reference what a person called it: {@code siderolabs/gvisor}, or an image reference
 * @param digest of the image
 * @param rootfs what is laid over Talos's own file system, as the image has it: its root may have a
 *     mode other than 0755, which must not get to a node
 * @param lostAttributes names of extended attributes that files of the image have
 * @param replacedLinks symbolic links of the image in whose place a directory stands, with {@code
 *     rootfs/} before
 */
public record ExtensionImage(
    String reference,
    Digest digest,
    ExtensionManifest manifest,
    FileTree rootfs,
    SortedSet<String> lostAttributes,
    List<String> replacedLinks) {
  private static final String MANIFEST_FILE = "manifest.yaml";
  private static final String ROOTFS = "rootfs";
  private static final int MAX_MANIFEST = 1 << 20;

  public ExtensionImage {
    lostAttributes = Collections.unmodifiableSortedSet(new TreeSet<>(lostAttributes));
    replacedLinks = List.copyOf(replacedLinks);
  }

  /**
   * Reads what an image holds, by the rules that Talos itself has for it (Talos,
   * pkg/machinery/extensions/load.go).
   *
   * @throws ExtensionException when it is no extension
   * @throws UncheckedIOException when its files cannot be read
   */
  public static ExtensionImage read(String reference, Digest digest, Unpacked image) {
    FileTree tree = image.tree();
    List<String> alien = new ArrayList<>(tree.root().entries().keySet());
    alien.removeAll(List.of(MANIFEST_FILE, ROOTFS));
    if (!alien.isEmpty()) {
      throw wrong(
          alien,
          "an extension's image holds nothing but manifest.yaml and rootfs",
          "see whether this is the image of an extension, or have its maker leave the rest out");
    }
    FileTree rootfs =
        tree.below(ROOTFS)
            .orElseThrow(() ->
                wrong(
                    List.of(),
                    "the image has no directory rootfs",
                    "see whether this is the image of an extension"));
    return new ExtensionImage(
        reference,
        digest,
        ExtensionManifest.read(manifest(tree)),
        rootfs,
        image.lostAttributes(),
        image.replacedLinks());
  }

  private static String manifest(FileTree tree) {
    TreeNode.File file = tree.file(MANIFEST_FILE);
    if (file == null || file.content().size() > MAX_MANIFEST) {
      throw wrong(
          List.of(),
          "the image has no file manifest.yaml, or one of more than 1 MiB",
          "see whether this is the image of an extension");
    }
    return text(file);
  }

  /** A small file's text. */
  static String text(TreeNode.File file) {
    try (InputStream in = file.content().open()) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ExtensionException wrong(List<String> paths, String why, String wayOut) {
    return new ExtensionException(Finding.error(LAYOUT, paths, why, wayOut));
  }

  /** {@code frr v1.0.2}. */
  public String label() {
    return manifest.version().isEmpty()
        ? manifest.name()
        : manifest.name() + " " + manifest.version();
  }
}
