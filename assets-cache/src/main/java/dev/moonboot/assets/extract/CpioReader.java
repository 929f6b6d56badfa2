package dev.moonboot.assets.extract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Walks "newc" cpio archives (kernel doc, driver-api/early-userspace/buffer-format). Whatever is in
 * them, memory and work per byte are bounded.
 */
public final class CpioReader {
  private static final int HEADER = 110;
  private static final int MAX_NAME = 4 << 10;
  private static final int MAX_ENTRIES = 100_000;

  /**
   * One entry.
   *
   * @param name cleaned: without leading {@code /} and {@code ./}; empty when it leads out of the
   *     archive or is the root
   * @param mode type and permissions, as in {@code stat}
   * @param size of its body in bytes
   * @param links the same for all names of a file that has several (hard links): its content stands
   *     with any of them, as a rule the last; empty for a file with one name, and all else
   */
  public record Entry(String name, int mode, long size, String links) {
    private static final int TYPE = 0170000;
    private static final int FILE = 0100000;

    public boolean isFile() {
      return (mode & TYPE) == FILE;
    }

    public boolean isDirectory() {
      return (mode & TYPE) == 0040000;
    }

    public boolean isSymlink() {
      return (mode & TYPE) == 0120000;
    }

    /** The lower twelve bits. */
    public int permissions() {
      return mode & 07777;
    }
  }

  /** What is told of each entry but the trailers. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Takes one entry.
     *
     * @param body ends with the entry; what of it is not read is passed over
     */
    void entry(Entry entry, InputStream body) throws IOException;
  }

  private final Visitor visitor;
  private final byte[] scratch = new byte[64 << 10];
  private int entries;
  private int archives; // inodes mean something within one only
  private long position; // in the archive: names and bodies are padded to 4 from its start

  /** Tells {@code visitor} of all archives that are read. */
  public CpioReader(Visitor visitor) {
    this.visitor = visitor;
  }

  static boolean is(byte[] head) {
    String magic = new String(head, 0, Math.min(6, head.length), ISO_8859_1);
    return magic.equals("070701") || magic.equals("070702");
  }

  /**
   * Reads all archives in {@code in}, with zeros between them, to its end.
   *
   * @throws IOException when one is malformed, cut off, or has too many entries
   */
  public void readAll(InputStream in) throws IOException {
    while (true) {
      int b;
      do {
        b = in.read(scratch, 0, 1) < 0 ? -1 : scratch[0];
      } while (b == 0);
      if (b < 0) {
        return;
      }
      archive(in, 1); // its first byte stands in scratch
    }
  }

  /** Reads one archive, and nothing behind its last entry. */
  void readOne(InputStream in) throws IOException {
    archive(in, 0);
  }

  private void archive(InputStream in, int have) throws IOException {
    position = have;
    archives++;
    for (boolean more = true; more; have = 0) {
      fill(in, have, HEADER - have);
      more = entry(in);
    }
  }

  /** Reads what belongs to the header in scratch; false for the trailer. */
  private boolean entry(InputStream in) throws IOException {
    if (!is(scratch)) {
      throw new IOException("a cpio header without its magic number");
    }
    if (++entries > MAX_ENTRIES) {
      throw new IOException("more than " + MAX_ENTRIES + " cpio entries");
    }
    long mode = field(1);
    long size = field(6);
    long nameSize = field(11);
    String links = links(mode);
    if (nameSize < 1 || nameSize > MAX_NAME) {
      throw new IOException("a cpio name of " + nameSize + " bytes");
    }
    fill(in, 0, (int) nameSize);
    String name = new String(scratch, 0, (int) nameSize - 1, UTF_8);
    skip(in, -position & 3);
    if (name.equals("TRAILER!!!")) {
      return false;
    }
    Body body = new Body(in, size);
    visitor.entry(new Entry(ImagePath.clean(name).orElse(""), (int) mode, size, links), body);
    body.finish();
    skip(in, -position & 3);
    return true;
  }

  /** By what the kernel, too, tells that two names are one file. */
  private String links(long mode) throws IOException {
    boolean several = field(4) > 1 && (mode & Entry.TYPE) == Entry.FILE;
    return several ? "%d:%d:%d:%d".formatted(archives, field(7), field(8), field(0)) : "";
  }

  /** The n-th eight-digit number behind the magic. */
  private long field(int n) throws IOException {
    long value = 0;
    for (int i = 6 + 8 * n; i < 14 + 8 * n; i++) {
      int digit = Character.digit(scratch[i], 16);
      if (digit < 0) {
        throw new IOException("a cpio header with a malformed number");
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private void fill(InputStream in, int offset, int length) throws IOException {
    if (in.readNBytes(scratch, offset, length) < length) {
      throw cutOff();
    }
    position += length;
  }

  private void skip(InputStream in, long count) throws IOException {
    position += count;
    for (long left = count; left > 0; ) {
      int got = in.read(scratch, 0, (int) Math.min(left, scratch.length));
      if (got < 0) {
        throw cutOff();
      }
      left -= got;
    }
  }

  private static EOFException cutOff() {
    return new EOFException("a cpio archive is cut off");
  }

  /** The bytes of one entry. */
  private final class Body extends BulkInput {
    private final InputStream in;
    private long left;

    Body(InputStream in, long size) {
      this.in = in;
      this.left = size;
    }

    @Override
    public int read(byte[] out, int offset, int length) throws IOException {
      if (length == 0 || left == 0) {
        return length == 0 ? 0 : -1;
      }
      int got = in.read(out, offset, (int) Math.min(length, left));
      if (got < 0) {
        throw cutOff();
      }
      left -= got;
      position += got;
      return got;
    }

    void finish() throws IOException {
      CpioReader.this.skip(in, left);
      left = 0;
    }
  }
}
