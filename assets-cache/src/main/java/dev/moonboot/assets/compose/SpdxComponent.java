package dev.moonboot.assets.compose;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import java.util.ArrayList;
import java.util.List;

/**
 * One image that a release was made of.
 *
 * @param name that stands in it: {@code frr}
 * @param version {@code v1.0.2}; empty when it does not say
 * @param author empty when it does not say
 * @param description empty when it does not say
 * @param digest of the image
 * @param said which packages are in it, by itself: SPDX documents
 */
public record SpdxComponent(
    String name,
    String version,
    String author,
    String description,
    Digest digest,
    List<Said> said) {
  private static final String OF_EXTENSIONS = "usr/local/share/spdx";

  public SpdxComponent {
    said = List.copyOf(said);
  }

  /**
   * A file of an image.
   *
   * @param path without a leading slash
   */
  public record Said(String path, TreeNode.Content content) {}

  /** What Talos says from 1.11 on; nothing where its root file system cannot be read. */
  public static List<Said> ofTalos(BaseRoot root, Arch arch) {
    FileTree tree = root.tree();
    String path = "usr/share/spdx/talos-" + arch.id() + ".spdx.json";
    TreeNode.File file = tree == null ? null : tree.file(path);
    return file == null ? List.of() : List.of(new Said(path, file.content()));
  }

  /** What an extension says, where Talos looks for it on a node. */
  public static List<Said> ofExtension(FileTree rootfs) {
    List<Said> said = new ArrayList<>();
    rootfs
        .below(OF_EXTENSIONS)
        .ifPresent(in ->
            in.root()
                .entries()
                .forEach((name, node) -> {
                  if (node instanceof TreeNode.File file && name.endsWith(".spdx.json")) {
                    said.add(new Said(OF_EXTENSIONS + "/" + name, file.content()));
                  }
                }));
    return said;
  }
}
