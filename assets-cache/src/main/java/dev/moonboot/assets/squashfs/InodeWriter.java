package dev.moonboot.assets.squashfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.tree.TreeNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Writes inodes and the listings of directories, innermost first: a listing says where the inodes
 * of its entries stand. The extended kinds of inode are used only where the basic one cannot hold
 * what there is to say. Owner and time are 0.
 */
final class InodeWriter {
  private static final int DIRECTORY = 1;
  private static final int FILE = 2;
  private static final int SYMLINK = 3;
  private static final int EXTENDED = 7; // more than the basic kind
  private static final int LISTING_OVERHEAD = 3; // sizes of listings count "." and ".."
  private static final int HEADER_ENTRIES = 256;

  /** What a listing says of an inode. */
  private record Inode(int kind, int number, long position) {
    long block() {
      return position >>> 16;
    }

    int offset() {
      return (int) position & 0xffff;
    }
  }

  private record Entry(String name, Inode inode) {}

  private final MetadataWriter inodes;
  private final MetadataWriter listings;
  private final IdentityHashMap<TreeNode.File, FileData> data;
  private final IdentityHashMap<TreeNode.File, Integer> links;
  private final IdentityHashMap<TreeNode.File, Inode> written = new IdentityHashMap<>();
  private int count;

  InodeWriter(
      MetadataWriter inodes,
      MetadataWriter listings,
      IdentityHashMap<TreeNode.File, FileData> data,
      IdentityHashMap<TreeNode.File, Integer> links) {
    this.inodes = inodes;
    this.listings = listings;
    this.data = data;
    this.links = links;
  }

  /** How many were written. */
  int count() {
    return count;
  }

  /** Writes all of a tree; returns where its root's inode stands. */
  long write(TreeNode.Directory root) throws IOException {
    int number = ++count;
    List<Entry> entries = entries(root, number);
    return directory(root, entries, number, count + 1).position(); // nobody has that number
  }

  private List<Entry> entries(TreeNode.Directory directory, int number) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (var entry : directory.entries().entrySet()) {
      entries.add(new Entry(entry.getKey(), inode(entry.getValue(), number)));
    }
    return entries;
  }

  private Inode inode(TreeNode node, int parent) throws IOException {
    return switch (node) {
      case TreeNode.Directory directory -> {
        int number = ++count;
        yield directory(directory, entries(directory, number), number, parent);
      }
      case TreeNode.File file -> {
        Inode inode = written.get(file);
        if (inode == null) {
          inode = file(file);
          written.put(file, inode);
        }
        yield inode;
      }
      case TreeNode.Symlink link -> symlink(link);
      case TreeNode.Special special ->
          throw new IllegalArgumentException("a " + special.kind() + " is not written");
    };
  }

  private Inode add(int kind, int number, ByteBuffer inode) throws IOException {
    Inode at = new Inode(kind, number, inodes.position());
    inodes.add(inode);
    return at;
  }

  /** What all inodes begin with: kind, mode, owner and group, time, number. */
  private static ByteBuffer begin(int size, int kind, int mode, int number) {
    ByteBuffer inode = MetadataWriter.entry(size).putShort((short) kind).putShort((short) mode);
    return inode.putShort((short) 0).putShort((short) 0).putInt(0).putInt(number);
  }

  private Inode symlink(TreeNode.Symlink link) throws IOException {
    byte[] target = link.target().getBytes(UTF_8);
    int number = ++count;
    ByteBuffer inode = begin(24 + target.length, SYMLINK, 0777, number);
    return add(SYMLINK, number, inode.putInt(1).putInt(target.length).put(target));
  }

  private Inode file(TreeNode.File file) throws IOException {
    FileData where = data.get(file);
    if (where == null) {
      throw new IllegalStateException("a file without data");
    }
    int number = ++count;
    int names = links.getOrDefault(file, 1);
    int[] blocks = where.blocks();
    boolean extended = names > 1 || where.start() > 0xffff_ffffL || where.size() > 0xffff_ffffL;
    int size = (extended ? 56 : 32) + Integer.BYTES * blocks.length;
    ByteBuffer inode = begin(size, extended ? FILE + EXTENDED : FILE, file.mode(), number);
    if (extended) {
      inode.putLong(where.start()).putLong(where.size()).putLong(0).putInt(names); // none sparse
      inode.putInt(where.fragment()).putInt(where.offset()).putInt(-1); // no attributes
    } else {
      inode.putInt((int) where.start()).putInt(where.fragment()).putInt(where.offset());
      inode.putInt((int) where.size());
    }
    for (int block : blocks) {
      inode.putInt(block);
    }
    return add(FILE, number, inode);
  }

  private Inode directory(TreeNode.Directory directory, List<Entry> entries, int number, int parent)
      throws IOException {
    long listing = listings.position();
    int size = LISTING_OVERHEAD;
    for (int from = 0; from < entries.size(); ) {
      int to = sameHeader(entries, from);
      size += list(entries.subList(from, to));
      from = to;
    }
    int names = 2;
    for (Entry entry : entries) {
      names += entry.inode().kind() == DIRECTORY ? 1 : 0;
    }
    boolean extended = size > 0xffff;
    ByteBuffer inode =
        begin(
            extended ? 40 : 32,
            extended ? DIRECTORY + EXTENDED : DIRECTORY,
            directory.mode(),
            number);
    if (extended) {
      inode.putInt(names).putInt(size).putInt((int) (listing >>> 16)).putInt(parent);
      inode.putShort((short) 0).putShort((short) listing).putInt(-1); // no index, no attributes
    } else {
      inode.putInt((int) (listing >>> 16)).putInt(names).putShort((short) size);
      inode.putShort((short) listing).putInt(parent);
    }
    return add(DIRECTORY, number, inode);
  }

  /** How far entries go on that can stand behind one header. */
  private static int sameHeader(List<Entry> entries, int from) {
    Inode first = entries.get(from).inode();
    int to = from + 1;
    while (to < entries.size() && to - from < HEADER_ENTRIES) {
      Inode inode = entries.get(to).inode();
      int delta = inode.number() - first.number();
      if (inode.block() != first.block() || delta != (short) delta) {
        break;
      }
      to++;
    }
    return to;
  }

  private int list(List<Entry> entries) throws IOException {
    Inode first = entries.getFirst().inode();
    int size = 12;
    ByteBuffer header = MetadataWriter.entry(size);
    listings.add(
        header.putInt(entries.size() - 1).putInt((int) first.block()).putInt(first.number()));
    for (Entry entry : entries) {
      Inode inode = entry.inode();
      byte[] name = entry.name().getBytes(UTF_8);
      ByteBuffer line = MetadataWriter.entry(8 + name.length);
      line.putShort((short) inode.offset()).putShort((short) (inode.number() - first.number()));
      line.putShort((short) inode.kind()).putShort((short) (name.length - 1)).put(name);
      listings.add(line);
      size += 8 + name.length;
    }
    return size;
  }
}
