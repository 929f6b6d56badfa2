package dev.moonboot.assets.squashfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What an image says of itself, in its first 96 bytes.
 *
 * @param compression the number of what its blocks are packed with; {@link #packing} knows some
 * @param blockSize of a full block of a file, in bytes
 * @param inodes how many there are
 * @param fragments how many blocks are shared by small files
 * @param owners how many user and group ids there are
 * @param root where the inode of {@code /} stands
 * @param bytesUsed of the image, without what fills up its last page
 * @param exportTable where inodes are listed by number, for NFS; {@link #NONE} for no such list
 * @param attributeTable where extended attributes are listed; {@link #NONE} for no such list
 */
public record Superblock(
    int major,
    int minor,
    int compression,
    int blockSize,
    int inodes,
    int fragments,
    int owners,
    long root,
    long bytesUsed,
    long inodeTable,
    long directoryTable,
    long fragmentTable,
    long exportTable,
    long ownerTable,
    long attributeTable) {
  static final int LENGTH = 96;

  /** Where a table that an image does not have would stand. */
  static final long NONE = -1;

  private static final int MAGIC = 0x73717368; // hsqs
  private static final int ATTRIBUTES = 16; // bytes of what their list begins with

  /** What its blocks are packed with; empty when kernels of Talos do not unpack it. */
  public Optional<SquashfsCompression> packing() {
    return SquashfsCompression.of(compression);
  }

  /**
   * The superblock of the image that begins at {@code offset} of a file. All that is used for
   * reading is within bounds; whether the compression is one that can be read is not looked at.
   *
   * @param length of the image and what may follow it
   * @throws SquashfsException when it is no image of version 4.0, or cut off
   */
  public static Superblock read(Path file, long offset, long length) throws IOException {
    try (ImageRegion region = ImageRegion.open(file, offset, length)) {
      return read(region);
    }
  }

  static Superblock read(ImageRegion region) throws IOException {
    ByteBuffer in = region.bytes(0, LENGTH);
    if (in.getInt(0) != MAGIC) {
      throw new SquashfsException("no squashfs image: it does not begin with hsqs");
    }
    int log = Short.toUnsignedInt(in.getShort(22));
    Superblock read =
        new Superblock(
            Short.toUnsignedInt(in.getShort(28)),
            Short.toUnsignedInt(in.getShort(30)),
            Short.toUnsignedInt(in.getShort(20)),
            in.getInt(12),
            in.getInt(4),
            in.getInt(16),
            Short.toUnsignedInt(in.getShort(26)),
            in.getLong(32),
            in.getLong(40),
            in.getLong(64),
            in.getLong(72),
            in.getLong(80),
            in.getLong(88),
            in.getLong(48),
            in.getLong(56));
    if (read.major != 4 || read.minor != 0) {
      throw new SquashfsException(
          "a squashfs image of version " + read.major + "." + read.minor + "; only 4.0 is read");
    }
    // 4 KiB to 1 MiB: what the kernel takes
    if (log < 12 || log > 20 || read.blockSize != 1 << log) {
      throw new SquashfsException("a squashfs image with blocks of " + read.blockSize + " bytes");
    }
    read.checkPlaces(region.length());
    return read;
  }

  private void checkPlaces(long length) throws SquashfsException {
    if (bytesUsed > length) {
      throw new SquashfsException(
          "the squashfs image is cut off: " + length + " bytes of " + bytesUsed);
    }
    long afterListings = fragments == 0 ? ownerTable : fragmentTable;
    boolean ordered =
        LENGTH <= inodeTable
            && inodeTable < directoryTable
            && directoryTable <= afterListings
            && afterListings <= ownerTable
            && ownerTable < bytesUsed
            && isNoneOrIn(exportTable, ownerTable)
            && isNoneOrIn(attributeTable, bytesUsed - ATTRIBUTES + 1);
    if (!ordered || inodes < 1 || fragments < 0 || owners < 1) {
      throw new SquashfsException("the squashfs image's superblock is damaged");
    }
  }

  private static boolean isNoneOrIn(long table, long end) {
    return table == NONE || (table >= LENGTH && table < end);
  }
}
