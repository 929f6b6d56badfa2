package dev.moonboot.assets.squashfs;

import dev.moonboot.assets.tree.TreeNode;
import java.io.IOException;
import java.io.InputStream;

/**
 * The content of a file in an image. The sizes of its blocks stay in the image until it is read.
 */
final class StoredContent implements TreeNode.Content {
  static final int NO_FRAGMENT = -1;

  private final DataReader data;
  private final Place place;

  /**
   * Where it is.
   *
   * @param start of its first block, in the image
   * @param fragment the shared block with its last bytes, or {@link #NO_FRAGMENT}
   * @param fragmentOffset in that
   * @param listBlock where the sizes of its blocks stand in the table of inodes
   * @param listOffset in that
   */
  record Place(
      long size, long start, int fragment, int fragmentOffset, long listBlock, int listOffset) {}

  StoredContent(DataReader data, Place place) {
    this.data = data;
    this.place = place;
  }

  @Override
  public long size() {
    return place.size;
  }

  @Override
  public InputStream open() throws IOException {
    ImageRegion region = data.open();
    try {
      return new BlockInput(data, place, region);
    } catch (IOException | RuntimeException e) {
      region.close();
      throw e;
    }
  }
}
