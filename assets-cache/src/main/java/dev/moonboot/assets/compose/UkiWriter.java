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
  private static final int PE_OFFSET = 0x80;
  private static final int SECTION_HEADER = EfiStub.SECTION_HEADER;
  private static final int INITIALIZED_DATA = 0x40;
  private static final int DATA_READ = 0x4000_0000 | INITIALIZED_DATA;

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

  private final EfiStub stub;
  private final List<Section> sections = new ArrayList<>();

  /**
   * @param stub a PE32+ file without symbols, such as systemd's {@code linuxx64.efi.stub}
   * @throws IllegalArgumentException when it is something else
   */
  public UkiWriter(byte[] stub) {
    this.stub = new EfiStub(stub);
    for (EfiStub.Section own : this.stub.sections()) {
      sections.add(
          new Section(
              own.name(),
              own.virtualSize(),
              own.address(),
              own.size(),
              own.flags(),
              own.size(),
              out -> this.stub.write(own, out)));
    }
  }

  /** The processor that the stub is for; empty for one that is none of ours. */
  public Optional<Arch> arch() {
    return stub.arch();
  }

  /** Whether the stub boots the first profile unless another is asked for (systemd 257). */
  public boolean knowsProfiles() {
    return stub.knowsProfiles();
  }

  /** A stub that only returns to the firmware: see {@link EfiStub#returning}. */
  public static byte[] returningStub(Arch arch) {
    return EfiStub.returning(arch);
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
        new Section(name, size, address, up(size, stub.fileAlignment()), DATA_READ, size, content));
    return this;
  }

  /** The first address behind all sections. */
  private long end() {
    long end = 0;
    for (Section section : sections) {
      end = Math.max(end, section.address() + Math.max(1, section.virtualSize()));
    }
    return up(end, stub.sectionAlignment());
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
    int table = PE_OFFSET + 4 + stub.headerSize();
    int size = (int) up(table + (long) SECTION_HEADER * sections.size(), stub.fileAlignment());
    if (size > sections.getFirst().address()) {
      throw new IllegalArgumentException(
          "the EFI stub leaves no room for " + sections.size() + " section headers");
    }
    ByteBuffer head = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    stub.putHeaders(head, PE_OFFSET);
    head.putShort(PE_OFFSET + 6, (short) sections.size());
    putSizes(head, PE_OFFSET + 4 + EfiStub.COFF_SIZE, size);
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
