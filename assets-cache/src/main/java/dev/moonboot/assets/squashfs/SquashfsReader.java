package dev.moonboot.assets.squashfs;

import dev.moonboot.assets.squashfs.DataReader.Fragment;
import dev.moonboot.assets.tree.FileTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads SquashFS 4.0 images that anyone wrote, as strictly as the kernel does or more so: whatever
 * it finds, it ends within its limits and throws nothing but {@link IOException}s. Reads what is
 * packed with zstd or xz, shared blocks and extended inodes; passes over times and extended
 * attributes, and of owners says only whether there is another than root.
 */
public final class SquashfsReader {
  private static final int IN_A_BLOCK = 512; // entries of the table of shared blocks

  private SquashfsReader() {}

  /** Reads the image that a file is. */
  public static SquashfsImage read(Path file) throws IOException {
    return read(file, 0, Files.size(file), SquashfsLimits.DEFAULT);
  }

  /**
   * Reads the image at {@code offset} of a file, which must stay as it is for as long as contents
   * of the tree are read. Contents are looked at only then.
   *
   * @param length of the image, and of what may follow it
   * @throws SquashfsException when it is damaged, or not one that kernels of Talos mount
   */
  public static SquashfsImage read(Path file, long offset, long length, SquashfsLimits limits)
      throws IOException {
    try (ImageRegion region = ImageRegion.open(file, offset, length)) {
      Superblock superblock = Superblock.read(region);
      SquashfsCompression compression =
          superblock
              .packing()
              .orElseThrow(() ->
                  new SquashfsException(
                      "a squashfs image packed with method "
                          + superblock.compression()
                          + "; kernels of Talos unpack zstd (6) and xz (4) only"));
      if (superblock.fragments() > limits.entries()) {
        throw new SquashfsException(
            "a squashfs image with " + superblock.fragments() + " shared blocks is not read");
      }
      try (BlockDecompressor decompressor =
          BlockDecompressor.of(compression, superblock.blockSize())) {
        boolean ofRoot = OwnerTable.isOfRoot(region, decompressor, superblock);
        Fragment[] fragments = fragments(region, decompressor, superblock);
        DataReader data = new DataReader(file, offset, superblock, compression, fragments);
        InodeReader inodes = new InodeReader(region, decompressor, superblock, data, limits);
        return new SquashfsImage(superblock, ofRoot, new FileTree(inodes.root()));
      }
    }
  }

  private static Fragment[] fragments(
      ImageRegion region, BlockDecompressor decompressor, Superblock superblock)
      throws IOException {
    int count = superblock.fragments();
    Fragment[] fragments = new Fragment[count];
    if (count == 0) {
      return fragments;
    }
    int blocks = (count + IN_A_BLOCK - 1) / IN_A_BLOCK;
    long index = superblock.fragmentTable();
    ByteBuffer places = region.bytes(index, Long.BYTES * blocks);
    MetadataReader table = new MetadataReader(region, decompressor, 0, index);
    for (int i = 0; i < count; i++) {
      long place = places.getLong(i / IN_A_BLOCK * Long.BYTES);
      MetadataReader.Cursor entry = table.at(place, i % IN_A_BLOCK * 16);
      fragments[i] = new Fragment(entry.i64(), entry.i32());
    }
    return fragments;
  }
}
