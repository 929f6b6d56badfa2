package dev.moonboot.assets.extract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Walks "newc" cpio archives (kernel doc, driver-api/early-userspace/buffer-format) and keeps two
 * things: what {@code init} is, and the text of {@code extensions.yaml}. Of files that come twice
 * the later counts, as for the kernel.
 */
final class CpioReader {
  private static final int HEADER = 110;
  private static final int MAX_NAME = 4 << 10;
  private static final int MAX_TEXT = 1 << 20;
  private static final int MAX_ENTRIES = 100_000;
  private static final int FILE_TYPE = 0170000;
  private static final int REGULAR = 0100000;

  private final byte[] scratch = new byte[64 << 10];
  private Optional<Arch> initArch = Optional.empty();
  private String extensions = "";
  private int entries;
  private long position; // in the archive: names and bodies are padded to 4 from its start

  static boolean is(byte[] head) {
    String magic = new String(head, 0, Math.min(6, head.length), ISO_8859_1);
    return magic.equals("070701") || magic.equals("070702");
  }

  /** The processor of the last {@code init} seen that is an ELF program. */
  Optional<Arch> initArch() {
    return initArch;
  }

  /** The last {@code extensions.yaml} seen; empty when there was none. */
  String extensions() {
    return extensions;
  }

  /** Reads all archives in {@code in}, to its end. */
  void readAll(InputStream in) throws IOException {
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
    if (nameSize < 1 || nameSize > MAX_NAME) {
      throw new IOException("a cpio name of " + nameSize + " bytes");
    }
    fill(in, 0, (int) nameSize);
    String name = new String(scratch, 0, (int) nameSize - 1, UTF_8);
    skip(in, -position & 3);
    if (name.equals("TRAILER!!!")) {
      return false;
    }
    body(in, ImagePath.clean(name).orElse(""), mode, size);
    skip(in, -position & 3);
    return true;
  }

  private void body(InputStream in, String name, long mode, long size) throws IOException {
    long left = size;
    if ((mode & FILE_TYPE) == REGULAR && name.equals("init")) {
      int count = (int) Math.min(20, size);
      fill(in, 0, count);
      left -= count;
      elf(count).ifPresent(arch -> initArch = Optional.of(arch));
    } else if (name.equals("extensions.yaml") && size <= MAX_TEXT) {
      byte[] text = in.readNBytes((int) size);
      position += text.length;
      left -= text.length;
      extensions = new String(text, UTF_8);
    }
    skip(in, left);
  }

  /** e_machine of an ELF header in scratch (System V ABI). */
  private Optional<Arch> elf(int count) {
    if (count < 20 || !new String(scratch, 0, 4, ISO_8859_1).equals("\177ELF")) {
      return Optional.empty();
    }
    return switch ((scratch[18] & 0xff) | (scratch[19] & 0xff) << 8) {
      case 0x3e -> Optional.of(Arch.AMD64);
      case 0xb7 -> Optional.of(Arch.ARM64);
      default -> Optional.empty();
    };
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
      throw new EOFException("a cpio archive is cut off");
    }
    position += length;
  }

  private void skip(InputStream in, long count) throws IOException {
    position += count;
    for (long left = count; left > 0; ) {
      int got = in.read(scratch, 0, (int) Math.min(left, scratch.length));
      if (got < 0) {
        throw new EOFException("a cpio archive is cut off");
      }
      left -= got;
    }
  }
}
