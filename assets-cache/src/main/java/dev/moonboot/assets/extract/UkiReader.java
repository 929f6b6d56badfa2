package dev.moonboot.assets.extract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.UkiLines;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The section table of a unified kernel image (PE/COFF specification; UAPI group, UKI
 * specification), checked against the file's size.
 *
 * <p>A Talos image has a second command line, in the group of a later {@code .profile}, that wipes
 * the disk. So what counts is the first {@code .linux}, the first {@code .initrd}, and the command
 * line that stands before all profiles.
 */
final class UkiReader {
  /** Where the section table must end. */
  static final int HEAD = 64 << 10;

  private static final int SECTION_HEADER = 40;
  private static final int MAX_TEXT = 64 << 10;
  private static final int MAX_TEXTS = 1 << 20;

  /** The bytes of a section: exactly its content, without the padding behind it. */
  record Section(String name, long from, long length) {
    long to() {
      return from + length;
    }
  }

  private final Arch arch;
  private final List<Section> sections;

  private UkiReader(Arch arch, List<Section> sections) {
    this.arch = arch;
    this.sections = sections;
  }

  /**
   * Reads the headers.
   *
   * @param head the first {@link #HEAD} bytes, or all where there are fewer
   * @param fileSize of the whole image
   * @throws ExtractException when it is no UKI, or its headers lead outside the file
   */
  static UkiReader parse(byte[] head, long fileSize) {
    try {
      return parse(ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN), fileSize);
    } catch (IndexOutOfBoundsException e) {
      throw new ExtractException(
          "has PE headers that do not end within its first " + Limits.bytes(head.length), e);
    }
  }

  private static UkiReader parse(ByteBuffer in, long fileSize) {
    int pe = in.getShort(0) == 0x5a4d ? in.getInt(0x3c) : -1;
    if (pe < 0x40 || in.getInt(pe) != 0x4550) {
      throw new ExtractException("is no PE file");
    }
    int optional = pe + 24;
    if (in.getShort(optional) != 0x20b) {
      throw new ExtractException("is no 64-bit PE file (PE32+)");
    }
    Arch arch =
        Pe.arch(in.getShort(pe + 4))
            .orElseThrow(() ->
                new ExtractException(
                    "is for PE machine 0x%04x, which is neither amd64 nor arm64"
                        .formatted(in.getShort(pe + 4) & 0xffff)));
    int count = Short.toUnsignedInt(in.getShort(pe + 6));
    int table = optional + Short.toUnsignedInt(in.getShort(pe + 20));
    List<Section> sections = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      section(in, table + i * SECTION_HEADER, fileSize).ifPresent(sections::add);
    }
    UkiReader reader = new UkiReader(arch, List.copyOf(sections));
    reader.requireApart(table + (long) count * SECTION_HEADER);
    return reader;
  }

  /** A section of ours; the stub's own are of no interest, and may have no bytes in the file. */
  private static Optional<Section> section(ByteBuffer in, int at, long fileSize) {
    byte[] name = new byte[8];
    in.get(at, name);
    String text = new String(name, ISO_8859_1).replaceAll("\0.*", "");
    long virtualSize = Integer.toUnsignedLong(in.getInt(at + 8));
    long rawSize = Integer.toUnsignedLong(in.getInt(at + 16));
    long from = Integer.toUnsignedLong(in.getInt(at + 20));
    in.getInt(at + 36);
    if (!text.matches("\\.(linux|initrd|cmdline|osrel|profile|sdmagic)")) {
      return Optional.empty();
    }
    boolean outside = virtualSize > rawSize || from + virtualSize > fileSize;
    if (outside && text.equals(".sdmagic")) {
      return Optional.empty(); // the stub's own; an image whose stub says nothing of itself
    }
    if (outside) {
      throw new ExtractException(
          "has a section %s of %d bytes at %d, of which the file has less (%d bytes in all)"
              .formatted(text, virtualSize, from, fileSize));
    }
    return Optional.of(new Section(text, from, virtualSize));
  }

  private void requireApart(long headersEnd) {
    List<Section> byPlace = new ArrayList<>(wanted());
    byPlace.sort(Comparator.comparingLong(Section::from));
    long end = headersEnd;
    for (Section section : byPlace) {
      if (section.from() < end && section.length() > 0) {
        throw new ExtractException("has a section " + section.name() + " that overlaps another");
      }
      end = Math.max(end, section.to());
    }
  }

  /** What the image's own headers say it is for. */
  Arch arch() {
    return arch;
  }

  Section kernel() {
    return first(".linux");
  }

  Section initramfs() {
    return first(".initrd");
  }

  private Section first(String name) {
    return sections.stream()
        .filter(section -> section.name().equals(name) && section.length() > 0)
        .findFirst()
        .orElseThrow(() -> new ExtractException("has no section " + name));
  }

  /** The operating system's description, as in os-release(5). */
  Optional<Section> osRelease() {
    return text(base().stream(), ".osrel");
  }

  /** The command line to boot with. */
  Optional<Section> cmdline() {
    return text(base().stream(), ".cmdline");
  }

  private static Optional<Section> text(Stream<Section> in, String name) {
    Optional<Section> found = in.filter(section -> section.name().equals(name)).findFirst();
    if (found.isPresent() && found.get().length() > MAX_TEXT) {
      throw new ExtractException("has a section " + name + " of more than 64 KiB");
    }
    return found;
  }

  /** What stands before the first profile; all, where there are no profiles. */
  private List<Section> base() {
    return sections.stream().takeWhile(section -> !section.name().equals(".profile")).toList();
  }

  /**
   * The texts of which {@link #lines} is made.
   *
   * @throws ExtractException when there are too many to be looked at
   */
  List<Section> texts() {
    List<Section> texts = sections.stream().filter(UkiReader::isText).toList();
    if (texts.stream().mapToLong(Section::length).sum() > MAX_TEXTS) {
      throw new ExtractException("has command lines and profiles of more than 1 MiB");
    }
    return texts;
  }

  private static boolean isText(Section section) {
    return switch (section.name()) {
      case ".cmdline", ".profile", ".sdmagic" -> true;
      default -> false;
    };
  }

  /**
   * What the image's command lines are.
   *
   * @param content of each of {@link #texts}
   */
  UkiLines lines(Function<Section, String> content) {
    List<Section> texts = texts();
    List<UkiLines.Profile> profiles = new ArrayList<>();
    String stub = "";
    for (int i = 0; i < texts.size(); i++) {
      Section section = texts.get(i);
      if (section.name().equals(".profile")) {
        profiles.add(
            new UkiLines.Profile(
                UkiTextSections.profile(content.apply(section)),
                cmdlines(texts.subList(i + 1, texts.size()), content)));
      } else if (section.name().equals(".sdmagic")) {
        stub = UkiTextSections.stub(content.apply(section));
      }
    }
    return new UkiLines(cmdlines(texts, content), profiles, stub);
  }

  /** Those up to the next profile. */
  private static List<String> cmdlines(List<Section> texts, Function<Section, String> content) {
    return texts.stream()
        .takeWhile(section -> !section.name().equals(".profile"))
        .filter(section -> section.name().equals(".cmdline"))
        .map(section -> UkiTextSections.cmdline(content.apply(section)))
        .toList();
  }

  /** The sections to be cut out. */
  List<Section> wanted() {
    List<Section> wanted = new ArrayList<>(List.of(kernel(), initramfs()));
    cmdline().ifPresent(wanted::add);
    osRelease().ifPresent(wanted::add);
    return wanted;
  }
}
