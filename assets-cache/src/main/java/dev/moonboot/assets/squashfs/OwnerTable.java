package dev.moonboot.assets.squashfs;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The list of user and group ids, of which inodes name the places. */
final class OwnerTable {
  private static final int IN_A_BLOCK = 2048; // ids of four bytes

  private OwnerTable() {}

  /**
   * Reads all of it.
   *
   * @return whether there is nobody in it but root
   * @throws SquashfsException when the kernel would not mount an image with such a list
   *     (fs/squashfs/id.c)
   */
  static boolean isOfRoot(ImageRegion region, BlockDecompressor decompressor, Superblock superblock)
      throws IOException {
    int blocks = (superblock.owners() + IN_A_BLOCK - 1) / IN_A_BLOCK;
    long index = superblock.ownerTable();
    boolean last = superblock.attributeTable() == Superblock.NONE;
    if (last && index + (long) Long.BYTES * blocks != superblock.bytesUsed()) {
      throw new SquashfsException(
          "the squashfs image is damaged: it does not end with its list of owners");
    }
    ByteBuffer places = region.bytes(index, Long.BYTES * blocks);
    MetadataReader table = new MetadataReader(region, decompressor, 0, index);
    boolean root = true;
    for (int i = 0; i < superblock.owners(); i++) {
      long block = places.getLong(i / IN_A_BLOCK * Long.BYTES);
      root &= table.at(block, i % IN_A_BLOCK * Integer.BYTES).i32() == 0;
    }
    return root;
  }
}
