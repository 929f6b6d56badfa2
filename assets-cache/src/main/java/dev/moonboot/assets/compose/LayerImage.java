package dev.moonboot.assets.compose;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.assets.squashfs.SquashfsImage;
import dev.moonboot.assets.squashfs.SquashfsReader;
import dev.moonboot.assets.tree.FileTree;
import java.io.IOException;
import java.util.List;

/**
 * A layer's image, as a node sees it.
 *
 * @param content of all its files; the file's own digest where that is not wanted
 * @param isWhole whether a loop device, which passes over what is no whole sector, shows all of it
 * @param rootMode of its {@code /}
 * @param ofRoot whether all of it is root's
 * @param releases of the kernels that it has modules for
 */
record LayerImage(
    long size,
    Digest digest,
    Digest content,
    boolean isWhole,
    int rootMode,
    boolean ofRoot,
    List<String> releases) {
  LayerImage {
    releases = List.copyOf(releases);
  }

  /**
   * Reads one.
   *
   * @param modules where kernel modules stand
   * @throws IOException when no kernel of Talos's mounts it
   */
  static LayerImage read(Found file, String modules, boolean contentWanted) throws IOException {
    SquashfsImage image = SquashfsReader.read(file.file());
    FileTree tree = image.tree();
    return new LayerImage(
        file.size(),
        file.digest(),
        contentWanted ? TreeDigest.of(tree) : file.digest(),
        image.superblock().bytesUsed() <= SquashfsHead.mountable(file.size()),
        tree.root().mode(),
        image.ofRoot(),
        tree.directories(modules));
  }
}
