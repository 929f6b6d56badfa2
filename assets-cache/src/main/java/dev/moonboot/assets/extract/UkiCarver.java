package dev.moonboot.assets.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.extract.UkiReader.Section;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

/**
 * Writes a UKI and, as it goes by, the kernel, the initramfs and the texts in it: one pass over the
 * image, whatever its size.
 */
final class UkiCarver {
  private record Cut(Section section, OutputStream to) {}

  private UkiCarver() {}

  /**
   * @param in the image, {@code size} bytes
   * @param prefix of the new files' names
   * @throws ExtractException when it is no UKI for {@code wanted}, or a part is too large
   */
  static Captured.Uki carve(InputStream in, long size, Path prefix, Target wanted) {
    try {
      byte[] head = in.readNBytes((int) Math.min(size, UkiReader.HEAD));
      UkiReader uki = UkiReader.parse(head, size);
      wanted.require(uki);
      try (HashedFile image = new HashedFile(suffixed(prefix, ".uki"));
          HashedFile kernel = new HashedFile(suffixed(prefix, ".linux"));
          HashedFile initramfs = new HashedFile(suffixed(prefix, ".initrd"))) {
        Optional<Text> cmdline = uki.cmdline().map(Text::new);
        Optional<Text> osRelease = uki.osRelease().map(Text::new);
        List<Cut> cuts = new ArrayList<>();
        cuts.add(new Cut(uki.kernel(), kernel));
        cuts.add(new Cut(uki.initramfs(), initramfs));
        cmdline.ifPresent(text -> cuts.add(text.cut()));
        osRelease.ifPresent(text -> cuts.add(text.cut()));
        IdentityHashMap<Section, Text> texts = new IdentityHashMap<>();
        for (Section section : uki.texts()) {
          Text text = new Text(section);
          texts.put(section, text);
          cuts.add(text.cut());
        }
        cuts.sort(Comparator.comparingLong(cut -> cut.section().from()));
        copy(head, in, image, cuts);
        return new Captured.Uki(
            uki,
            image.found("UKI"),
            kernel.found(".linux"),
            initramfs.found(".initrd"),
            new Captured.UkiTexts(Text.of(cmdline), Text.of(osRelease)),
            uki.lines(section -> Text.of(Optional.ofNullable(texts.get(section)))));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a UKI must be for, and how large its parts may be. */
  record Target(Arch arch, Limits limits) {
    void require(UkiReader uki) {
      if (uki.arch() != arch) {
        throw new ExtractException("is for " + uki.arch().id() + ", not for " + arch.id());
      }
      requireSize(uki.kernel(), limits.kernelBytes());
      requireSize(uki.initramfs(), limits.initramfsBytes());
    }

    private static void requireSize(Section section, long limit) {
      if (section.length() > limit) {
        throw new ExtractException(
            "has a section %s of %s; at most %s are allowed"
                .formatted(section.name(), Limits.bytes(section.length()), Limits.bytes(limit)));
      }
    }
  }

  private record Text(Section section, ByteArrayOutputStream bytes) {
    Text(Section section) {
      this(section, new ByteArrayOutputStream());
    }

    Cut cut() {
      return new Cut(section, bytes);
    }

    static String of(Optional<Text> text) {
      return text.map(t -> t.bytes().toString(UTF_8)).orElse("");
    }
  }

  private static Path suffixed(Path prefix, String suffix) {
    return prefix.resolveSibling(prefix.getFileName() + suffix);
  }

  private static void copy(byte[] head, InputStream in, OutputStream image, List<Cut> cuts)
      throws IOException {
    image.write(head);
    cut(head, head.length, 0, cuts);
    long position = head.length;
    byte[] buffer = new byte[HashedFile.BUFFER];
    for (int count; (count = in.read(buffer, 0, buffer.length)) >= 0; position += count) {
      image.write(buffer, 0, count);
      cut(buffer, count, position, cuts);
    }
  }

  /** Gives each cut its share of the bytes that stand at {@code position}. */
  private static void cut(byte[] bytes, int count, long position, List<Cut> cuts)
      throws IOException {
    for (Cut cut : cuts) {
      long from = Math.max(position, cut.section().from());
      long to = Math.min(position + count, cut.section().to());
      if (from < to) {
        cut.to().write(bytes, (int) (from - position), (int) (to - from));
      }
    }
  }
}
