package dev.moonboot.assets.extract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The parts of a UKI from which another one can be made: the EFI stub as it was before sections
 * were appended, the operating system's description and the splash image (UAPI group, UKI
 * specification; PE/COFF specification).
 */
final class UkiParts {
  /** Sections that are no stub's own. */
  private static final Set<String> APPENDED =
      Set.of(
          ".osrel",
          ".cmdline",
          ".uname",
          ".splash",
          ".pcrpkey",
          ".pcrsig",
          ".linux",
          ".initrd",
          ".profile",
          ".ucode",
          ".dtb",
          ".dtbauto",
          ".hwids",
          ".efifw");

  private static final int SECTION_HEADER = 40;
  private static final int EXECUTABLE = 0x2000_0000;
  private static final int INITIALIZED_DATA = 0x40;
  private static final int CERTIFICATES = 4; // index of the data directory
  private static final int MAX_STUB = 8 << 20;
  private static final int MAX_TEXT = 64 << 10;
  private static final int MAX_SPLASH = 8 << 20;

  private record Section(
      String name, long size, long address, long rawSize, long from, int flags) {}

  private final RandomAccessFile file;
  private final ByteBuffer head;
  private final int optional;
  private final int table;
  private final List<Section> sections = new ArrayList<>();

  /**
   * What was found.
   *
   * @param osRelease empty where there is none, as {@code splash}
   */
  record Parts(ByteBuffer stub, String osRelease, Optional<ByteBuffer> splash) {}

  private UkiParts(RandomAccessFile file) throws IOException {
    this.file = file;
    byte[] bytes = new byte[(int) Math.min(file.length(), UkiReader.HEAD)];
    file.readFully(bytes);
    this.head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int pe = head.getShort(0) == 0x5a4d ? head.getInt(0x3c) : -1;
    if (pe < 0x40 || head.getInt(pe) != 0x4550 || head.getShort(pe + 24) != 0x20b) {
      throw new ExtractException("is no 64-bit PE file");
    }
    this.optional = pe + 24;
    this.table = optional + Short.toUnsignedInt(head.getShort(pe + 20));
    int count = Short.toUnsignedInt(head.getShort(pe + 6));
    for (int i = 0; i < count; i++) {
      sections.add(section(table + i * SECTION_HEADER));
    }
  }

  private Section section(int at) {
    byte[] name = new byte[8];
    head.get(at, name);
    return new Section(
        new String(name, ISO_8859_1).replaceAll("\0.*", ""),
        Integer.toUnsignedLong(head.getInt(at + 8)),
        Integer.toUnsignedLong(head.getInt(at + 12)),
        Integer.toUnsignedLong(head.getInt(at + 16)),
        Integer.toUnsignedLong(head.getInt(at + 20)),
        head.getInt(at + 36));
  }

  /**
   * Reads the parts of a UKI in a file.
   *
   * @throws ExtractException when its stub cannot be told from the rest
   */
  static Parts read(Path uki) {
    try (RandomAccessFile in = new RandomAccessFile(uki.toFile(), "r")) {
      UkiParts parts = new UkiParts(in);
      Optional<byte[]> splash = parts.content(".splash", MAX_SPLASH);
      String osRelease =
          parts.content(".osrel", MAX_TEXT).map(text -> new String(text, UTF_8)).orElse("");
      return new Parts(
          ByteBuffer.wrap(parts.stub()), osRelease.replace("\0", ""), splash.map(ByteBuffer::wrap));
    } catch (IndexOutOfBoundsException e) {
      throw new ExtractException("has PE headers that do not end", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of the first section of that name that stands before all profiles. */
  private Optional<byte[]> content(String name, int limit) throws IOException {
    for (Section section : sections) {
      if (section.name().equals(".profile")) {
        break;
      }
      if (section.name().equals(name)) {
        if (section.size() > limit || section.size() > section.rawSize()) {
          throw new ExtractException("has a section " + name + " that is cut off or too large");
        }
        return Optional.of(bytes(section.from(), (int) section.size()));
      }
    }
    return Optional.empty();
  }

  private byte[] bytes(long from, int length) throws IOException {
    if (from + length > file.length()) {
      throw new ExtractException("has a section that leads outside the file");
    }
    byte[] bytes = new byte[length];
    file.seek(from);
    file.readFully(bytes);
    return bytes;
  }

  private byte[] stub() throws IOException {
    int own = 0;
    while (own < sections.size() && !APPENDED.contains(sections.get(own).name())) {
      own++;
    }
    if (own == sections.size()) {
      throw new ExtractException("has no sections behind its EFI stub");
    }
    Section first = sections.get(own);
    List<Section> kept = sections.subList(0, own);
    require(kept, first);
    byte[] stub = bytes(0, (int) first.from());
    cut(ByteBuffer.wrap(stub).order(ByteOrder.LITTLE_ENDIAN), kept);
    return stub;
  }

  /** All of the stub must stand before what was appended to it, in the file and in memory. */
  private void require(List<Section> kept, Section first) {
    int headers = table + sections.size() * SECTION_HEADER;
    boolean executable = false;
    for (Section section : kept) {
      executable |= (section.flags() & EXECUTABLE) != 0;
      boolean outside =
          section.rawSize() > 0
              && (section.from() < headers || section.from() + section.rawSize() > first.from());
      if (outside || section.address() + section.size() > first.address()) {
        throw new ExtractException(
            "has a section %s that does not stand before %s: its EFI stub cannot be cut out"
                .formatted(ImagePath.shown(section.name()), first.name()));
      }
    }
    if (!executable || first.from() > MAX_STUB) {
      throw new ExtractException("has no EFI stub before its section " + first.name());
    }
  }

  /** Takes what was appended out of the headers, and a signature, which holds no longer. */
  private void cut(ByteBuffer stub, List<Section> kept) {
    stub.putShort(optional - 18, (short) kept.size());
    for (int i = kept.size() * SECTION_HEADER; i < sections.size() * SECTION_HEADER; i++) {
      stub.put(table + i, (byte) 0);
    }
    long code = 0;
    long data = 0;
    long end = 0;
    for (Section section : kept) {
      boolean isData = (section.flags() & INITIALIZED_DATA) != 0;
      data += isData ? section.rawSize() : 0;
      code += isData ? 0 : section.rawSize();
      end = Math.max(end, section.address() + Math.max(1, section.size()));
    }
    int alignment = Math.max(1, stub.getInt(optional + 32));
    stub.putInt(optional + 4, (int) code).putInt(optional + 8, (int) data);
    stub.putInt(optional + 56, (int) ((end + alignment - 1) / alignment * alignment));
    stub.putInt(optional + 64, 0);
    if (stub.getInt(optional + 108) > CERTIFICATES) {
      stub.putLong(optional + 112 + 8 * CERTIFICATES, 0);
    }
  }
}
