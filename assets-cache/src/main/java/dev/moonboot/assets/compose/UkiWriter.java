package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.moonboot.assets.Arch;
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

/**
 * Puts sections behind an EFI stub and so makes a unified kernel image (UAPI group, UKI
 * specification; PE/COFF specification, "Section Table").
 *
 * <p>The stub's own sections keep their addresses; each new one follows at the next section
 * alignment, readable data, with its exact length as {@code VirtualSize}. Sections keep the order
 * in which they were given: a {@code .profile} opens a group that ends with the next one. The
 * result is not signed.
 */
public final class UkiWriter {
  private static final int PE_OFFSET = 0x80;
  private static final int COFF_SIZE = 20;
  private static final int SECTION_HEADER = 40;
  private static final int OPTIONAL_SIZE = 240;
  private static final int PE32_PLUS = 0x20b;
  private static final int INITIALIZED_DATA = 0x40;
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
  private final int stubTime;
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
      stubTime = in.getInt(pe + 8);
      if (in.getShort(optional) != PE32_PLUS) {
        throw new IllegalArgumentException("the EFI stub is no PE32+ file");
      }
      sectionAlignment = in.getInt(optional + 32);
      fileAlignment = in.getInt(optional + 36);
      int count = Short.toUnsignedInt(in.getShort(pe + 6));
      for (int i = 0; i < count; i++) {
        sections.add(stubSection(in, optional + optionalSize + i * SECTION_HEADER));
      }
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("the EFI stub is cut off", e);
    }
  }

  private Section stubSection(ByteBuffer in, int at) {
    String name = new String(stub, at, 8, US_ASCII).replace("\0", "");
    int rawSize = in.getInt(at + 16);
    int from = in.getInt(at + 20);
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
    pe.putShort(0x84, (short) (arch == Arch.AMD64 ? 0x8664 : 0xaa64)).putShort(0x86, (short) 1);
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
    head.putShort(PE_OFFSET + 6, (short) sections.size()).putInt(PE_OFFSET + 8, stubTime);
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
  }
}
