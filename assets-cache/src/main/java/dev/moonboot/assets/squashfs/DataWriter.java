package dev.moonboot.assets.squashfs;

import dev.moonboot.assets.squashfs.BlockWriter.Block;
import dev.moonboot.assets.tree.TreeNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the contents of files. Files that are smaller than a block share blocks ("fragments"), and
 * files of equal content are written once, as mksquashfs does both.
 */
final class DataWriter {
  private static final int BLOCK = SquashfsWriter.BLOCK_SIZE;

  /** Where a shared block stands, once it does. */
  private static final class Fragment {
    private long position;
    private int size;
  }

  private record Content(long size, String hash) {}

  private final BlockWriter blocks;
  private final Map<Long, Integer> sizes;
  private final Map<Content, FileData> known = new HashMap<>();
  private final List<Fragment> fragments = new ArrayList<>();
  private @Nullable Block shared;
  private int filled;

  /**
   * @param sizes how many files there are of each size: only where there are several, two can be
   *     equal
   */
  DataWriter(BlockWriter blocks, Map<Long, Integer> sizes) {
    this.blocks = blocks;
    this.sizes = Map.copyOf(sizes);
  }

  /** Writes the content of a file, if it is not there yet. */
  FileData write(String path, TreeNode.Content content) throws IOException {
    long size = content.size();
    if (size == 0) {
      return FileData.ofBlocks(0, 0);
    }
    boolean alone = sizes.getOrDefault(size, 1) == 1;
    if (size < BLOCK) {
      return small(path, content, (int) size, alone);
    }
    if (alone) {
      return large(path, content);
    }
    Content key = new Content(size, hash(content));
    FileData same = known.get(key);
    if (same == null) {
      same = large(path, content);
      known.put(key, same);
    }
    return same;
  }

  private FileData large(String path, TreeNode.Content content) throws IOException {
    long size = content.size();
    int count = Math.toIntExact((size + BLOCK - 1) / BLOCK);
    FileData data = FileData.ofBlocks(size, count);
    try (InputStream in = content.open()) {
      for (int i = 0; i < count; i++) {
        Block block = blocks.take();
        int length = (int) Math.min(BLOCK, size - (long) i * BLOCK);
        require(path, in.readNBytes(block.bytes, 0, length) == length);
        int index = i;
        blocks.write(block, length, (at, packed) -> data.block(index, at, packed));
      }
      require(path, in.read() < 0);
    }
    return data;
  }

  private FileData small(String path, TreeNode.Content content, int size, boolean alone)
      throws IOException {
    Block block = shared;
    if (block == null || filled + size > BLOCK) {
      endShared();
      block = blocks.take();
      shared = block;
    }
    try (InputStream in = content.open()) {
      require(path, in.readNBytes(block.bytes, filled, size) == size && in.read() < 0);
    }
    Content key = alone ? null : new Content(size, hash(block.bytes, filled, size));
    FileData same = key == null ? null : known.get(key);
    if (same != null) {
      return same;
    }
    FileData data = FileData.ofFragment(size, fragments.size(), filled);
    filled += size;
    if (key != null) {
      known.put(key, data);
    }
    return data;
  }

  private void endShared() {
    if (shared != null && filled > 0) {
      Fragment fragment = new Fragment();
      fragments.add(fragment);
      blocks.write(
          shared,
          filled,
          (at, packed) -> {
            fragment.position = at;
            fragment.size = packed;
          });
    }
    shared = null;
    filled = 0;
  }

  /** Waits until all that was given is written. */
  void finish() throws IOException {
    endShared();
    blocks.finish();
  }

  int fragments() {
    return fragments.size();
  }

  /** Writes the table of shared blocks; returns where its index begins. */
  long writeFragments(MetadataWriter table, ImageFile file) throws IOException {
    for (Fragment fragment : fragments) {
      ByteBuffer entry = MetadataWriter.entry(16);
      table.add(entry.putLong(fragment.position).putInt(fragment.size).putInt(0));
    }
    return table.writeIndexedTo(file);
  }

  private static void require(String path, boolean whole) throws IOException {
    if (!whole) {
      throw new IOException(path + ": its size changed while it was read; try again");
    }
  }

  private static String hash(TreeNode.Content content) throws IOException {
    MessageDigest hash = sha256();
    byte[] buffer = new byte[BLOCK];
    try (InputStream in = content.open()) {
      for (int count; (count = in.read(buffer)) > 0; ) {
        hash.update(buffer, 0, count);
      }
    }
    return HexFormat.of().formatHex(hash.digest());
  }

  private static String hash(byte[] bytes, int from, int length) {
    MessageDigest hash = sha256();
    hash.update(bytes, from, length);
    return HexFormat.of().formatHex(hash.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
