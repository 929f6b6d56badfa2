package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.UkiLines;
import dev.moonboot.assets.extract.UkiTextSections;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The small EFI program at the front of a unified kernel image (PE/COFF specification), in memory.
 * What could not be moved into another file is refused.
 */
final class EfiStub {
  static final int COFF_SIZE = 20;
  static final int SECTION_HEADER = 40;

  private static final int AMD64_MACHINE = 0x8664;
  private static final int ARM64_MACHINE = 0xaa64;
  private static final int PE_OFFSET = 0x80;
  private static final int OPTIONAL_SIZE = 240;
  private static final int MIN_OPTIONAL = 112; // up to the data directories
  private static final int CERTIFICATES = 4; // index of the data directory
  private static final int MAX_SECTIONS = 96; // what the Windows loader takes, and so do others
  private static final int PE32_PLUS = 0x20b;
  private static final int MAX_ALIGNMENT = 1 << 20;
  private static final int CODE_READ_EXECUTE = 0x6000_0020;

  /**
   * A section of the stub's own.
   *
   * @param from where its bytes stand in the stub
   * @param size of them
   */
  record Section(String name, long virtualSize, long address, int from, int size, int flags) {
    private long end() {
      return address + virtualSize;
    }
  }

  private final byte[] stub;
  private final int optional; // offset of the optional header
  private final int optionalSize;
  private final int sectionAlignment;
  private final int fileAlignment;
  private final List<Section> sections = new ArrayList<>();

  /**
   * @throws IllegalArgumentException when it is no PE32+ file, is cut off, or has symbols
   */
  EfiStub(byte[] stub) {
    this.stub = stub.clone();
    ByteBuffer in = ByteBuffer.wrap(this.stub).order(ByteOrder.LITTLE_ENDIAN);
    try {
      int pe = in.getInt(0x3c);
      if (in.getShort(0) != 0x5a4d || in.getInt(pe) != 0x4550) {
        throw new IllegalArgumentException("the EFI stub is no PE file");
      }
      optional = pe + 4 + COFF_SIZE;
      optionalSize = Short.toUnsignedInt(in.getShort(pe + 20));
      if (in.getShort(optional) != PE32_PLUS || optionalSize < MIN_OPTIONAL) {
        throw new IllegalArgumentException("the EFI stub is no PE32+ file");
      }
      if (in.getInt(pe + 12) != 0 || in.getInt(pe + 16) != 0) {
        throw new IllegalArgumentException(
            "the EFI stub has symbols, which would point elsewhere in an image; strip it");
      }
      sectionAlignment = alignment(in.getInt(optional + 32));
      fileAlignment = alignment(in.getInt(optional + 36));
      readSections(in, Short.toUnsignedInt(in.getShort(pe + 6)));
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("the EFI stub is cut off", e);
    }
  }

  private static int alignment(int bytes) {
    if (bytes <= 0 || bytes > MAX_ALIGNMENT || Integer.bitCount(bytes) != 1) {
      throw new IllegalArgumentException("the EFI stub aligns to " + bytes + " bytes");
    }
    return bytes;
  }

  private void readSections(ByteBuffer in, int count) {
    if (count == 0 || count > MAX_SECTIONS) {
      throw new IllegalArgumentException("the EFI stub has " + count + " sections");
    }
    long end = 0;
    for (int i = 0; i < count; i++) {
      Section section = section(in, optional + optionalSize + i * SECTION_HEADER);
      // systemd 252's own do not all begin at the alignment that they declare
      if (section.address() < end) {
        throw new IllegalArgumentException(
            "the EFI stub has sections in disorder: " + section.name());
      }
      end = section.end();
      sections.add(section);
    }
  }

  private Section section(ByteBuffer in, int at) {
    String name = new String(stub, at, 8, US_ASCII).replace("\0", "");
    int size = in.getInt(at + 16);
    int from = in.getInt(at + 20);
    if (size < 0 || from < 0 || size > stub.length - from) {
      throw new IllegalArgumentException("the EFI stub is cut off in its section " + name);
    }
    return new Section(
        name,
        Integer.toUnsignedLong(in.getInt(at + 8)),
        Integer.toUnsignedLong(in.getInt(at + 12)),
        from,
        size,
        in.getInt(at + 36));
  }

  List<Section> sections() {
    return sections;
  }

  int sectionAlignment() {
    return sectionAlignment;
  }

  int fileAlignment() {
    return fileAlignment;
  }

  /** Of the COFF and the optional header together, in bytes. */
  int headerSize() {
    return COFF_SIZE + optionalSize;
  }

  /** Writes the bytes that a section has in the file. */
  void write(Section section, OutputStream out) throws IOException {
    out.write(stub, section.from(), section.size());
  }

  /** The processor that it is for; empty for one that is none of ours. */
  Optional<Arch> arch() {
    int at = optional - COFF_SIZE;
    return switch ((stub[at] & 0xff) | (stub[at + 1] & 0xff) << 8) {
      case AMD64_MACHINE -> Optional.of(Arch.AMD64);
      case ARM64_MACHINE -> Optional.of(Arch.ARM64);
      default -> Optional.empty();
    };
  }

  /** Whether it boots the first profile unless another is asked for (systemd 257). */
  boolean knowsProfiles() {
    for (Section section : sections) {
      if (section.name().equals(".sdmagic")) {
        String text = new String(stub, section.from(), section.size(), ISO_8859_1);
        return new UkiLines(List.of(), List.of(), UkiTextSections.stub(text)).knowsProfiles();
      }
    }
    return false;
  }

  /**
   * Puts DOS, COFF and optional header into the front of another image, without the stub's time,
   * and without the place of a signature, which would not hold.
   *
   * @param pe where the PE header is to stand
   */
  void putHeaders(ByteBuffer head, int pe) {
    head.put(0, stub, 0, 0x40).putInt(0x3c, pe).putInt(pe, 0x4550);
    head.put(pe + 4, stub, optional - COFF_SIZE, headerSize()).putInt(pe + 8, 0);
    int to = pe + 4 + COFF_SIZE;
    int certificates = MIN_OPTIONAL + 8 * CERTIFICATES;
    if (head.getInt(to + MIN_OPTIONAL - 4) > CERTIFICATES && optionalSize >= certificates + 8) {
      head.putLong(to + certificates, 0);
    }
  }

  /**
   * A stub that only returns to the firmware: enough for an image that is taken apart again, not
   * for one that is to boot by itself.
   */
  static byte[] returning(Arch arch) {
    byte[] code =
        switch (arch) {
          case AMD64 -> new byte[] {(byte) 0xc3}; // ret
          case ARM64 -> new byte[] {(byte) 0xc0, 0x03, 0x5f, (byte) 0xd6}; // ret
        };
    int headers = 0x200;
    ByteBuffer pe = ByteBuffer.allocate(headers + 0x200).order(ByteOrder.LITTLE_ENDIAN);
    pe.putShort(0, (short) 0x5a4d).putInt(0x3c, PE_OFFSET).putInt(PE_OFFSET, 0x4550);
    pe.putShort(0x84, (short) (arch == Arch.AMD64 ? AMD64_MACHINE : ARM64_MACHINE))
        .putShort(0x86, (short) 1);
    pe.putShort(0x94, (short) OPTIONAL_SIZE).putShort(0x96, (short) 0x22e);
    int opt = PE_OFFSET + 4 + COFF_SIZE;
    pe.putShort(opt, (short) PE32_PLUS).putInt(opt + 16, 0x1000).putInt(opt + 20, 0x1000);
    pe.putInt(opt + 32, 0x1000).putInt(opt + 36, 0x200); // section and file alignment
    pe.putShort(opt + 44, (short) 1).putInt(opt + 56, 0x2000).putInt(opt + 60, headers);
    pe.putShort(opt + 68, (short) 10).putInt(opt + 108, 16); // EFI application; data directories
    int table = opt + OPTIONAL_SIZE;
    pe.put(table, ".text".getBytes(US_ASCII)).putInt(table + 8, code.length);
    pe.putInt(table + 12, 0x1000).putInt(table + 16, 0x200).putInt(table + 20, headers);
    pe.putInt(table + 36, CODE_READ_EXECUTE).put(headers, code);
    return pe.array();
  }
}
