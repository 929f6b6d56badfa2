package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.UkiLines;
import dev.moonboot.assets.extract.UkiTextSections;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Puts sections behind an EFI stub and so makes a unified kernel image (UAPI group, UKI
 * specification; PE/COFF specification, "Section Table").
 *
 * <p>The stub's own sections keep their addresses; each new one follows at the next section
 * alignment, readable data, with its exact length as {@code VirtualSize}. Sections keep the order
 * in which they were given: a {@code .profile} opens a group that ends with the next one. Equal
 * sections give equal bytes: the time of the image is 0. It is not signed, and a signature of the
 * stub, which would no longer hold, is taken out.
 */
public final class UkiWriter {
  private static final int AMD64_MACHINE = 0x8664;
  private static final int ARM64_MACHINE = 0xaa64;
  private static final int PE_OFFSET = 0x80;
  private static final int COFF_SIZE = 20;
  private static final int SECTION_HEADER = 40;
  private static final int OPTIONAL_SIZE = 240;
  private static final int MIN_OPTIONAL = 112; // up to the data directories
  private static final int CERTIFICATES = 4; // index of the data directory
  private static final int MAX_SECTIONS = 96; // what the Windows loader takes, and so do others
  private static final int PE32_PLUS = 0x20b;
  private static final int INITIALIZED_DATA = 0x40;
  private static final int MAX_ALIGNMENT = 1 << 20;
  private static final int DATA_READ = 0x4000_0000 | INITIALIZED_DATA;
  private static final int CODE_READ_EXECUTE = 0x6000_0020;

  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** {@code content} writes {@code length} bytes, any number of times; zeros fill up the rest. */
  private record Section(
      String name,
      long virtualSize,
      long address,
      long rawSize,
      int flags,
      long length,
      Content content) {}

  private final byte[] stub;
  private final int optional; // offset of the stub's optional header
  private final int optionalSize;
  private final int sectionAlignment;
  private final int fileAlignment;
  private final List<Section> sections = new ArrayList<>();

  /**
   * @param stub a PE32+ file without symbols, such as systemd's {@code linuxx64.efi.stub}
   * @throws IllegalArgumentException when it is something else
   */
  public UkiWriter(byte[] stub) {
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
      int count = Short.toUnsignedInt(in.getShort(pe + 6));
      if (count == 0 || count > MAX_SECTIONS) {
        throw new IllegalArgumentException("the EFI stub has " + count + " sections");
      }
      for (int i = 0; i < count; i++) {
        sections.add(stubSection(in, optional + optionalSize + i * SECTION_HEADER));
      }
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

  private Section stubSection(ByteBuffer in, int at) {
    String name = new String(stub, at, 8, US_ASCII).replace("\0", "");
    int rawSize = in.getInt(at + 16);
    int from = in.getInt(at + 20);
    if (rawSize < 0 || from < 0 || rawSize > stub.length - from) {
      throw new IllegalArgumentException("the EFI stub is cut off in its section " + name);
    }
    if (Integer.toUnsignedLong(in.getInt(at + 12)) < end()) {
      throw new IllegalArgumentException("the EFI stub has sections in disorder: " + name);
    }
    byte[] raw = Arrays.copyOfRange(stub, from, from + rawSize);
    return new Section(
        name,
        Integer.toUnsignedLong(in.getInt(at + 8)),
        Integer.toUnsignedLong(in.getInt(at + 12)),
        rawSize,
        in.getInt(at + 36),
        rawSize,
        out -> out.write(raw));
  }

  /** The processor that the stub is for; empty for one that is none of ours. */
  public Optional<Arch> arch() {
    int machine =
        (stub[optional - COFF_SIZE] & 0xff) | (stub[optional - COFF_SIZE + 1] & 0xff) << 8;
    return switch (machine) {
      case AMD64_MACHINE -> Optional.of(Arch.AMD64);
      case ARM64_MACHINE -> Optional.of(Arch.ARM64);
      default -> Optional.empty();
    };
  }

  /** Whether the stub boots the first profile unless another is asked for (systemd 257). */
  public boolean knowsProfiles() {
    for (Section section : sections) {
      if (section.name().equals(".sdmagic")) {
        String stub = UkiTextSections.stub(new String(bytes(section), ISO_8859_1));
        return new UkiLines(List.of(), List.of(), stub).knowsProfiles();
      }
    }
    return false;
  }

  private static byte[] bytes(Section ofStub) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ofStub.content().writeTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not of a section in memory
    }
    return bytes.toByteArray();
  }

  /**
   * A stub that only returns to the firmware: enough for an image that is taken apart again, not
   * for one that is to boot by itself.
   */
  public static byte[] returningStub(Arch arch) {
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

  /**
   * Adds a section.
   *
   * @param name at most 8 ASCII characters, with its dot
   */
  public UkiWriter section(String name, byte[] content) {
    byte[] copy = content.clone();
    return add(name, copy.length, out -> out.write(copy));
  }

  /**
   * Adds a section with the content of a file, which is read when the image is written and must not
   * change until then.
   */
  public UkiWriter section(String name, Path file) throws IOException {
    return add(name, Files.size(file), out -> Files.copy(file, out));
  }

  private UkiWriter add(String name, long size, Content content) {
    if (name.length() > 8 || !US_ASCII.newEncoder().canEncode(name)) {
      throw new IllegalArgumentException("PE section name " + name + ": at most 8 ASCII letters");
    }
    long address = end();
    if (address + size > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a PE file holds less than 2 GiB; " + name + " is too big");
    }
    sections.add(
        new Section(name, size, address, up(size, fileAlignment), DATA_READ, size, content));
    return this;
  }

  /** The first address behind all sections. */
  private long end() {
    long end = 0;
    for (Section section : sections) {
      end = Math.max(end, section.address() + Math.max(1, section.virtualSize()));
    }
    return up(end, sectionAlignment);
  }

  private static long up(long value, long alignment) {
    return (value + alignment - 1) / alignment * alignment;
  }

  /** Writes the image; may be called again. */
  public void writeTo(OutputStream out) throws IOException {
    out.write(headers());
    for (Section section : sections) {
      section.content().writeTo(out);
      out.write(new byte[(int) (section.rawSize() - section.length())]);
    }
  }

  /** The whole image in memory. */
  public byte[] toByteArray() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a file that was a section cannot be read
    }
    return out.toByteArray();
  }

  private byte[] headers() {
    int table = PE_OFFSET + 4 + COFF_SIZE + optionalSize;
    int size = (int) up(table + (long) SECTION_HEADER * sections.size(), fileAlignment);
    if (size > sections.getFirst().address()) {
      throw new IllegalArgumentException(
          "the EFI stub leaves no room for " + sections.size() + " section headers");
    }
    ByteBuffer head = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    head.put(0, stub, 0, 0x40).putInt(0x3c, PE_OFFSET).putInt(PE_OFFSET, 0x4550);
    head.put(PE_OFFSET + 4, stub, optional - COFF_SIZE, COFF_SIZE + optionalSize);
    head.putShort(PE_OFFSET + 6, (short) sections.size()).putInt(PE_OFFSET + 8, 0);
    putSizes(head, PE_OFFSET + 4 + COFF_SIZE, size);
    long raw = size;
    for (Section section : sections) {
      head.put(table, section.name().getBytes(US_ASCII));
      head.putInt(table + 8, (int) section.virtualSize())
          .putInt(table + 12, (int) section.address());
      head.putInt(table + 16, (int) section.rawSize()).putInt(table + 20, (int) raw);
      head.putInt(table + 36, section.flags());
      raw += section.rawSize();
      table += SECTION_HEADER;
    }
    return head.array();
  }

  private void putSizes(ByteBuffer head, int opt, int headerSize) {
    long data = 0;
    long code = 0;
    for (Section section : sections) {
      if ((section.flags() & INITIALIZED_DATA) != 0) {
        data += section.rawSize();
      } else {
        code += section.rawSize();
      }
    }
    head.putShort(opt + 2, (short) 0); // linker version
    head.putInt(opt + 4, (int) code).putInt(opt + 8, (int) data);
    head.putInt(opt + 56, (int) end()).putInt(opt + 60, headerSize);
    head.putInt(opt + 64, 0); // checksum: only drivers need one
    int certificates = opt + MIN_OPTIONAL + 8 * CERTIFICATES;
    if (head.getInt(opt + 108) > CERTIFICATES && optionalSize >= MIN_OPTIONAL + 40) {
      head.putLong(certificates, 0);
    }
  }
}
