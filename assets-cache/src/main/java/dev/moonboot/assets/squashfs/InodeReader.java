package dev.moonboot.assets.squashfs;

import dev.moonboot.assets.tree.TreeNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Reads inodes and the listings of directories into a tree. */
final class InodeReader {
  private static final int LONGEST_TARGET = 4095; // the kernel's: less than a page
  private static final int LISTING_OVERHEAD = 3; // sizes of listings count "." and ".."
  private static final int HEADER_ENTRIES = 256;
  private static final int LONGEST_NAME = 256;
  private static final int HEADER = 12;
  private static final int ENTRY = 8;
  private static final long NO_FRAGMENT = 0xffff_ffffL;
  private static final int KINDS = 7; // an extended kind is this much more than the basic one

  /** What a listing must say of an inode, and what it is. */
  private record Inode(int number, int kind, TreeNode node) {}

  private final MetadataReader inodes;
  private final MetadataReader listings;
  private final Superblock superblock;
  private final DataReader data;
  private final SquashfsLimits limits;
  private final Map<Long, Inode> known = new HashMap<>();
  private final Set<Long> directories = new HashSet<>();
  private int entries;
  private long bytes;

  InodeReader(
      ImageRegion region,
      BlockDecompressor decompressor,
      Superblock superblock,
      DataReader data,
      SquashfsLimits limits) {
    this.inodes = data.inodes(region, decompressor);
    long end = superblock.fragments() == 0 ? superblock.ownerTable() : superblock.fragmentTable();
    this.listings = new MetadataReader(region, decompressor, superblock.directoryTable(), end);
    this.superblock = superblock;
    this.data = data;
    this.limits = limits;
  }

  TreeNode.Directory root() throws IOException {
    if (inode(superblock.root(), 0).node instanceof TreeNode.Directory root) {
      return root;
    }
    throw damaged("its root is no directory");
  }

  private static SquashfsException damaged(String what) {
    return new SquashfsException("the squashfs image is damaged: " + what);
  }

  private static void require(boolean right, String otherwise) throws SquashfsException {
    if (!right) {
      throw damaged(otherwise);
    }
  }

  /**
   * The inode at a place.
   *
   * @param place where its block begins in the table, and from bit 15 down its offset
   */
  private Inode inode(long place, int depth) throws IOException {
    Inode there = known.get(place);
    if (there == null) {
      require(known.size() < superblock.inodes(), "it has more inodes than it says");
      there = newInode(place, depth);
      known.put(place, there);
    }
    return there;
  }

  private Inode newInode(long place, int depth) throws IOException {
    MetadataReader.Cursor in = inodes.at(place >>> 16, (int) place & 0xffff);
    int type = in.u16();
    require(type >= 1 && type <= 2 * KINDS, "an inode of kind " + type);
    boolean extended = type > KINDS;
    int kind = extended ? type - KINDS : type;
    int mode = in.u16() & 07777;
    int owner = in.u16();
    int group = in.u16();
    require(
        owner < superblock.owners() && group < superblock.owners(),
        "an owner that it does not list");
    in.skip(4); // time
    long number = in.u32();
    require(number >= 1 && number <= superblock.inodes(), "an inode's number is out of bounds");
    TreeNode node =
        switch (kind) {
          case 1 -> {
            require(directories.add(place), "a directory stands in several places");
            yield directory(in, extended, mode, depth);
          }
          case 2 -> file(in, extended, mode);
          case 3 -> symlink(in);
          case 4 -> new TreeNode.Special("block device");
          case 5 -> new TreeNode.Special("character device");
          case 6 -> new TreeNode.Special("fifo");
          default -> new TreeNode.Special("socket");
        };
    return new Inode((int) number, kind, node);
  }

  private TreeNode symlink(MetadataReader.Cursor in) throws IOException {
    in.skip(4); // number of names
    long length = in.u32();
    require(length >= 1 && length <= LONGEST_TARGET, "a symbolic link's target is too long");
    String target = text(in.bytes((int) length));
    require(target.indexOf('\0') < 0, "a symbolic link's target has a NUL");
    return new TreeNode.Symlink(target);
  }

  private TreeNode file(MetadataReader.Cursor in, boolean extended, int mode) throws IOException {
    long start = extended ? in.i64() : in.u32();
    long size = extended ? in.i64() : 0;
    in.skip(extended ? 12 : 0); // bytes in holes, number of names
    long fragment = in.u32();
    long offset = in.u32();
    if (extended) {
      in.skip(4); // extended attributes
    } else {
      size = in.u32();
    }
    require(size >= 0 && start >= 0 && start <= superblock.bytesUsed(), "a file out of bounds");
    bytes += Math.min(size, Long.MAX_VALUE - bytes);
    if (bytes > limits.bytes()) {
      throw new SquashfsException(
          "the squashfs image unpacks to more than " + limits.bytes() + " bytes; it is not read");
    }
    if (fragment != NO_FRAGMENT) {
      require(
          fragment < superblock.fragments()
              && offset + size % superblock.blockSize() <= superblock.blockSize(),
          "a file points out of a shared block");
    }
    StoredContent.Place place =
        new StoredContent.Place(size, start, (int) fragment, (int) offset, in.block(), in.offset());
    return new TreeNode.File(mode, new StoredContent(data, place));
  }

  private TreeNode.Directory directory(
      MetadataReader.Cursor in, boolean extended, int mode, int depth) throws IOException {
    if (depth > limits.depth()) {
      throw new SquashfsException(
          "the squashfs image has directories over " + limits.depth() + " deep; it is not read");
    }
    long block;
    long size;
    int offset;
    if (extended) {
      in.skip(4); // number of names
      size = in.u32();
      block = in.u32();
      in.skip(6); // parent, entries of the index
      offset = in.u16();
    } else {
      block = in.u32();
      in.skip(4); // number of names
      size = in.u16();
      offset = in.u16();
    }
    TreeNode.Directory.Builder directory = TreeNode.Directory.builder(mode);
    if (size > LISTING_OVERHEAD) {
      list(listings.at(block, offset), size - LISTING_OVERHEAD, directory, depth);
    }
    return directory.build();
  }

  private void list(
      MetadataReader.Cursor in, long size, TreeNode.Directory.Builder directory, int depth)
      throws IOException {
    byte[] last = new byte[0];
    for (long left = size; left > 0; ) {
      long count = in.u32() + 1;
      long block = in.u32();
      long first = in.u32();
      require(count <= HEADER_ENTRIES, "a listing's header counts too many entries");
      left -= HEADER;
      for (long i = 0; i < count; i++) {
        int offset = in.u16();
        long number = first + (short) in.u16();
        int kind = in.u16();
        int length = in.u16() + 1;
        left -= ENTRY + length;
        require(left >= 0 && length <= LONGEST_NAME, "a listing ends within an entry");
        byte[] name = in.bytes(length);
        // the kernel stops looking where names are not in order
        require(Arrays.compareUnsigned(last, name) < 0, "names are not in order, or twice there");
        last = name;
        directory.put(name(name), entry(block << 16 | offset, number, kind, depth));
      }
    }
  }

  private TreeNode entry(long place, long number, int kind, int depth) throws IOException {
    if (++entries > limits.entries()) {
      throw new SquashfsException(
          "the squashfs image has more than " + limits.entries() + " entries; it is not read");
    }
    require(!directories.contains(place), "a directory stands in several places");
    Inode inode = inode(place, depth + 1);
    require(inode.number == number && inode.kind == kind, "a listing names another inode");
    return inode.node;
  }

  private static String name(byte[] bytes) throws SquashfsException {
    String name = text(bytes);
    require(
        !name.equals(".") && !name.equals("..") && name.indexOf('/') < 0 && name.indexOf('\0') < 0,
        "a file with a name that none can have");
    return name;
  }

  private static String text(byte[] bytes) throws SquashfsException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new SquashfsException("the squashfs image has a name that is not UTF-8", e);
    }
  }
}
