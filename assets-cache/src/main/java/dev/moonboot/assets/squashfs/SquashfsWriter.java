package dev.moonboot.assets.squashfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Writes a tree as a SquashFS 4.0 image, as Talos mounts it for an extension (kernel doc,
 * filesystems/squashfs): blocks of 128 KiB, owner and group root, time 0, {@code /} of mode 0755,
 * modes as they are, hard links kept, no extended attributes. Equal trees give equal bytes.
 */
public final class SquashfsWriter {
  static final int BLOCK_SIZE = 128 << 10;

  private static final int BLOCK_LOG = 17;
  private static final int SUPERBLOCK = 96;
  private static final int MAGIC = 0x73717368;
  private static final int DUPLICATES_FOUND = 0x40;
  private static final int NO_ATTRIBUTES = 0x200;
  private static final int PAGE = 4096; // images end on one, for the loop device
  private static final int ROOT_MODE = 0755;
  private static final long MAX_FILE = 0xffff_ffffL;
  private static final int MAX_NAME = 255; // what Linux opens; the format has room for 256
  private static final int MAX_TARGET = 4095;
  private static final long NONE = -1;

  private final ImageFile file;
  private final SquashfsSettings settings;
  private final Map<Long, Integer> sizes = new HashMap<>();
  private final IdentityHashMap<TreeNode.File, Integer> links = new IdentityHashMap<>();
  private final IdentityHashMap<TreeNode.File, FileData> data = new IdentityHashMap<>();

  private SquashfsWriter(ImageFile file, SquashfsSettings settings) {
    this.file = file;
    this.settings = settings;
  }

  /**
   * Writes {@code tree} to {@code out}, and over what is there. Nothing is flushed to the disk.
   *
   * @throws SquashfsException when the tree has a device, fifo or socket, a name over 255 bytes, a
   *     symbolic link without a target or to one over 4095 bytes, or a file over 4 GiB − 1
   * @throws IOException when a file cannot be read or the image not be written; part of it may be
   *     there then
   */
  public static void write(FileTree tree, Path out, SquashfsSettings settings) throws IOException {
    try (FileChannel channel = FileChannel.open(out, CREATE, TRUNCATE_EXISTING, WRITE)) {
      ImageFile file = new ImageFile(channel, SUPERBLOCK);
      new SquashfsWriter(file, settings).write(tree.withRootMode(ROOT_MODE));
    }
  }

  private void write(FileTree tree) throws IOException {
    tree.walk(this::check);
    try (BlockWriter blocks = new BlockWriter(file, settings);
        Arena memory = Arena.ofConfined();
        BlockCompressor compressor = BlockCompressor.of(settings, memory)) {
      DataWriter contents = new DataWriter(blocks, sizes);
      tree.walk((path, node) -> {
        if (node instanceof TreeNode.File one && !data.containsKey(one)) {
          data.put(one, contents.write(path, one.content()));
        }
      });
      contents.finish();
      ByteBuffer packed = memory.allocate(BLOCK_SIZE + BlockCompressor.SLACK).asByteBuffer();
      writeTables(tree, contents, () -> new MetadataWriter(compressor, packed));
    }
  }

  /** Looks at a node before anything is written, and counts. */
  private void check(String path, TreeNode node) throws SquashfsException {
    String name = path.substring(path.lastIndexOf('/') + 1);
    require(name.getBytes(UTF_8).length <= MAX_NAME, path, "its name is over 255 bytes");
    switch (node) {
      case TreeNode.Directory directory -> {}
      case TreeNode.Symlink link -> {
        int length = link.target().getBytes(UTF_8).length;
        require(length > 0, path, "a symbolic link without a target");
        require(length <= MAX_TARGET, path, "a symbolic link's target is over 4095 bytes");
      }
      case TreeNode.Special special ->
          throw new SquashfsException(path + " is a " + special.kind() + "; leave it out");
      case TreeNode.File one -> {
        long size = one.content().size();
        require(size <= MAX_FILE, path, "it is over 4 GiB, which no initramfs can hold");
        if (links.merge(one, 1, Integer::sum) == 1) {
          sizes.merge(size, 1, Integer::sum);
        }
      }
    }
  }

  private static void require(boolean fits, String path, String otherwise)
      throws SquashfsException {
    if (!fits) {
      throw new SquashfsException(path + " cannot stand in a squashfs image: " + otherwise);
    }
  }

  private interface Tables {
    MetadataWriter next();
  }

  private void writeTables(FileTree tree, DataWriter contents, Tables tables) throws IOException {
    MetadataWriter inodes = tables.next();
    MetadataWriter listings = tables.next();
    InodeWriter writer = new InodeWriter(inodes, listings, data, links);
    long root = writer.write(tree.root());
    long inodesAt = inodes.writeTo(file);
    long listingsAt = listings.writeTo(file);
    int shared = contents.fragments();
    long fragmentsAt = shared == 0 ? NONE : contents.writeFragments(tables.next(), file);
    MetadataWriter owners = tables.next();
    owners.add(MetadataWriter.entry(Integer.BYTES).putInt(0));
    long ownersAt = owners.writeIndexedTo(file);
    long end = file.position();
    file.append(new byte[(int) (-end & (PAGE - 1))]);
    ByteBuffer head = MetadataWriter.entry(SUPERBLOCK);
    head.putInt(MAGIC).putInt(writer.count()).putInt(0).putInt(BLOCK_SIZE).putInt(shared);
    head.putShort((short) settings.compression().id()).putShort((short) BLOCK_LOG);
    head.putShort((short) (DUPLICATES_FOUND | NO_ATTRIBUTES)).putShort((short) 1); // one owner
    head.putShort((short) 4).putShort((short) 0).putLong(root).putLong(end).putLong(ownersAt);
    head.putLong(NONE).putLong(inodesAt).putLong(listingsAt).putLong(fragmentsAt).putLong(NONE);
    file.put(0, head.flip());
  }
}
