package dev.moonboot.assets.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a name in a directory stands for. */
public sealed interface TreeNode {
  /** Of names: by their bytes in UTF-8, as squashfs and cpio archives sort them. */
  Comparator<String> BY_BYTES =
      (one, other) -> Arrays.compareUnsigned(one.getBytes(UTF_8), other.getBytes(UTF_8));

  /**
   * A directory.
   *
   * @param mode the lower twelve bits
   * @param entries by name, sorted by bytes; no name is empty, {@code .} or {@code ..} or has a
   *     slash or NUL
   */
  record Directory(int mode, SortedMap<String, TreeNode> entries) implements TreeNode {
    public Directory {
      SortedMap<String, TreeNode> sorted = new TreeMap<>(BY_BYTES);
      sorted.putAll(entries);
      sorted.keySet().forEach(Directory::check);
      entries = Collections.unmodifiableSortedMap(sorted);
    }

    private static void check(String name) {
      if (name.isEmpty()
          || name.equals(".")
          || name.equals("..")
          || name.indexOf('/') >= 0
          || name.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("no file can be called \"" + name + "\"");
      }
    }

    /** An empty one. */
    public static Directory of(int mode) {
      return builder(mode).build();
    }

    public static Builder builder(int mode) {
      return new Builder(mode);
    }

    /** Collects entries; of two with the same name the later counts. */
    public static final class Builder {
      private final int mode;
      private final SortedMap<String, TreeNode> entries = new TreeMap<>(BY_BYTES);

      private Builder(int mode) {
        this.mode = mode;
      }

      public Builder put(String name, TreeNode node) {
        entries.put(name, node);
        return this;
      }

      public Directory build() {
        return new Directory(mode, entries);
      }
    }
  }

  /**
   * A regular file. Hard links to one file are the same object under several names; two objects
   * with equal content are two files.
   */
  final class File implements TreeNode {
    private final int mode;
    private final Content content;

    /**
     * @param mode the lower twelve bits
     */
    public File(int mode, Content content) {
      this.mode = mode;
      this.content = content;
    }

    public int mode() {
      return mode;
    }

    public Content content() {
      return content;
    }
  }

  /**
   * A symbolic link.
   *
   * @param target as written
   */
  record Symlink(String target) implements TreeNode {}

  /**
   * A device, fifo or socket: noted, never written.
   *
   * @param kind for people: {@code character device}, {@code fifo} …
   */
  record Special(String kind) implements TreeNode {}

  /** The bytes of a file; can be read any number of times, and are the same each time. */
  interface Content {
    /** In bytes. */
    long size();

    /** From the first byte; the reader closes it. */
    InputStream open() throws IOException;

    /** Bytes in memory; for what is small. */
    static Content of(byte[] bytes) {
      byte[] copy = bytes.clone();
      return new Content() {
        @Override
        public long size() {
          return copy.length;
        }

        @Override
        public InputStream open() {
          return new ByteArrayInputStream(copy);
        }
      };
    }
  }
}
