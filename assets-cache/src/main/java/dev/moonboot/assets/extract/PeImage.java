package dev.moonboot.assets.extract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An EFI program as firmware takes it into memory (PE/COFF specification; EDK II, {@code
 * BasePeCoffLib}: what that refuses is refused here).
 *
 * @param arch of the machine that it is for; null for one that is none of ours
 * @param alignment of sections in memory, as the image has it
 * @param sections in the order of their table
 */
public record PeImage(@Nullable Arch arch, int alignment, List<Section> sections) {
  private static final int PE32_PLUS = 0x20b;
  private static final int SECTION_HEADER = 40;

  public PeImage {
    sections = List.copyOf(sections);
  }

  /**
   * One section.
   *
   * @param address in memory
   * @param size in memory
   * @param content of the bytes in the file, at most {@code size}; zeros follow them
   */
  public record Section(String name, long address, long size, Digest content) {}

  /**
   * Reads all of it.
   *
   * @throws ExtractException when firmware would not start it
   * @throws IOException when the file cannot be read
   */
  public static PeImage read(Path path) throws IOException {
    try (FileSlice file = FileSlice.of(path)) {
      return new Reader(file).image();
    } catch (IndexOutOfBoundsException e) {
      throw new ExtractException("has PE headers that do not end", e);
    }
  }

  private static final class Reader {
    private final FileSlice file;
    private final ByteBuffer head;
    private final int pe;
    private final int optional;
    private final long headers;
    private final long imageSize;

    Reader(FileSlice file) throws IOException {
      this.file = file;
      this.head = ByteBuffer.wrap(file.readNBytes(UkiReader.HEAD)).order(ByteOrder.LITTLE_ENDIAN);
      this.pe = head.getShort(0) == 0x5a4d ? head.getInt(0x3c) : -1;
      require(pe >= 0x40 && head.getInt(pe) == 0x4550, "is no PE file");
      this.optional = pe + 24;
      require(head.getShort(optional) == PE32_PLUS, "is no 64-bit PE file (PE32+)");
      this.headers = u32(optional + 60);
      this.imageSize = u32(optional + 56);
    }

    PeImage image() throws IOException {
      int count = Short.toUnsignedInt(head.getShort(pe + 6));
      int table = optional + Short.toUnsignedInt(head.getShort(pe + 20));
      int alignment = head.getInt(optional + 32);
      require(
          alignment > 0 && Integer.bitCount(alignment) == 1,
          "aligns its sections to " + alignment + " bytes");
      require(
          count > 0
              && table + (long) SECTION_HEADER * count <= headers
              && headers < imageSize
              && headers <= file.size(),
          "has headers of a wrong size");
      List<Section> sections = new ArrayList<>();
      long end = headers;
      for (int i = 0; i < count; i++) {
        Section section = section(table + i * SECTION_HEADER);
        require(
            section.address() >= end, "has a section " + section.name() + " that lies over others");
        end = section.address() + section.size();
        require(end <= imageSize, "has a section " + section.name() + " behind its own end");
        sections.add(section);
      }
      long entry = u32(optional + 16);
      require(
          sections.stream()
              .anyMatch(of -> of.address() <= entry && entry < of.address() + of.size()),
          "begins in none of its sections");
      return new PeImage(Pe.arch(head.getShort(pe + 4)).orElse(null), alignment, sections);
    }

    private Section section(int at) throws IOException {
      byte[] name = new byte[8];
      head.get(at, name);
      String text = new String(name, ISO_8859_1).replaceAll("\0.*", "");
      long size = u32(at + 8);
      long raw = u32(at + 16);
      long from = u32(at + 20);
      require(
          raw == 0 || (from >= headers && from + raw <= file.size()),
          "has a section " + ImagePath.shown(text) + " that is not in the file");
      return new Section(
          ImagePath.shown(text),
          u32(at + 12),
          size == 0 ? raw : size, // as firmware reads it
          digest(from, size == 0 ? raw : Math.min(size, raw)));
    }

    private Digest digest(long from, long length) throws IOException {
      file.window(from, length);
      return HashedFile.digest(file);
    }

    private long u32(int at) {
      return Integer.toUnsignedLong(head.getInt(at));
    }

    private static void require(boolean held, String otherwise) {
      if (!held) {
        throw new ExtractException(otherwise);
      }
    }
  }
}
