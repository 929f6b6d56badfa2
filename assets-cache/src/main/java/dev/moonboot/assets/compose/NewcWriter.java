package dev.moonboot.assets.compose;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Writes one cpio archive in the "newc" format, as the kernel reads it from an initramfs (kernel
 * doc, driver-api/early-userspace/buffer-format). Owner and time of every entry are 0 and inodes
 * count up, so that equal entries give equal bytes.
 *
 * <p>Names are relative, without {@code ./}. A directory must be written before what is in it: the
 * kernel drops files without a parent and says nothing, so this refuses them. What is too long or
 * too large for the format or the kernel is a {@link ComposeException}.
 */
public final class NewcWriter implements AutoCloseable {
  private static final int BLOCK = 512; // GNU cpio's; a following archive must start at 4n anyway
  private static final int DIRECTORY = 0040000;
  private static final int FILE = 0100000;
  private static final int SYMLINK = 0120000;

  private final OutputStream out;
  private final Set<String> directories = new HashSet<>(Set.of("."));
  private long written;
  private int inode;

  /**
   * @param out receives the archive; is not closed with this, so that archives can be concatenated
   */
  public NewcWriter(OutputStream out) {
    this.out = out;
  }

  /**
   * Writes a directory.
   *
   * @param permissions the lower twelve bits of its mode
   * @throws IllegalArgumentException when its parent was not written before
   */
  public void directory(String name, int permissions) throws IOException {
    entry(name, DIRECTORY | permissions, 2, 0);
    directories.add(name);
  }

  /**
   * Writes a regular file.
   *
   * @param permissions the lower twelve bits of its mode
   * @throws IllegalArgumentException when its parent was not written before
   */
  public void file(String name, int permissions, byte[] content) throws IOException {
    entry(name, FILE | permissions, 1, content.length);
    body(content);
  }

  /**
   * Writes a regular file of exactly {@code size} bytes from {@code content}.
   *
   * @throws IllegalArgumentException when {@code content} is of another size, or its parent was not
   *     written before
   */
  public void file(String name, int permissions, long size, InputStream content)
      throws IOException {
    entry(name, FILE | permissions, 1, size);
    long copied = content.transferTo(out);
    if (copied != size) {
      throw new IllegalArgumentException(
          name + " was to have " + size + " bytes and has " + copied);
    }
    written += copied;
    pad(4);
  }

  /**
   * Writes a symbolic link.
   *
   * @throws IllegalArgumentException when its parent was not written before
   */
  public void symlink(String name, String target) throws IOException {
    byte[] content = target.getBytes(StandardCharsets.UTF_8);
    NewcLimits.requireTarget("", name, target);
    entry(name, SYMLINK | 0777, 1, content.length);
    body(content);
  }

  private void entry(String name, int mode, int links, long size) throws IOException {
    requireParent(name);
    NewcLimits.requireName("", name);
    NewcLimits.requireSize("", name, size);
    header(name, mode, links, size);
  }

  private void requireParent(String name) {
    int slash = name.lastIndexOf('/');
    if (name.startsWith("/") || (slash >= 0 && !directories.contains(name.substring(0, slash)))) {
      throw new IllegalArgumentException("cpio entry " + name + " has no parent in the archive");
    }
  }

  private void header(String name, int mode, int links, long size) throws IOException {
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    // magic, then: inode mode uid gid links mtime size device(4 words) name-size checksum
    String header =
        String.format(
            Locale.ROOT,
            "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X",
            inode++,
            mode,
            0,
            0,
            links,
            0,
            size,
            0,
            0,
            0,
            0,
            nameBytes.length + 1,
            0);
    write(header.getBytes(StandardCharsets.US_ASCII));
    write(nameBytes);
    write(new byte[1]);
    pad(4);
  }

  private void body(byte[] content) throws IOException {
    write(content);
    pad(4);
  }

  private void write(byte[] bytes) throws IOException {
    out.write(bytes);
    written += bytes.length;
  }

  private void pad(int boundary) throws IOException {
    write(new byte[(int) (-written & (boundary - 1))]);
  }

  /** Writes the trailer and fills the last block of 512 bytes. */
  @Override
  public void close() throws IOException {
    header("TRAILER!!!", 0, 1, 0);
    pad(BLOCK);
  }
}
