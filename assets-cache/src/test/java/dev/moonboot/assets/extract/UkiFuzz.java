package dev.moonboot.assets.extract;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;

import dev.moonboot.assets.extract.UkiReader.Section;
import dev.moonboot.testing.Fuzz;
import dev.moonboot.testing.TestImages.Content;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Any bytes as a PE file's head: parts that lie in the file, apart from each other. */
public final class UkiFuzz {
  private UkiFuzz() {}

  /** The first four bytes are the size of the file, the rest is its head. */
  public static void fuzzerTestOneInput(byte[] input) {
    Fuzz.bounded(() -> {
      long size =
          Integer.toUnsignedLong(new DataInputStream(new ByteArrayInputStream(input)).readInt());
      byte[] head = Arrays.copyOfRange(input, 4, Math.min(input.length, 4 + UkiReader.HEAD));
      try {
        check(UkiReader.parse(head, size), size);
      } catch (ExtractException e) {
        // what is promised
      }
      var _ = Pe.machine(head); // of any file at all
    });
  }

  private static void check(UkiReader uki, long size) {
    List<Section> wanted =
        uki.wanted().stream().sorted(Comparator.comparingLong(Section::from)).toList();
    long end = 0;
    for (Section section : wanted) {
      if (section.from() < 0 || section.length() < 0 || section.to() > size) {
        throw new AssertionError(section + " in a file of " + size);
      }
      if (section.length() > 0) {
        if (section.from() < end) {
          throw new AssertionError(section + " begins before " + end);
        }
        end = section.to();
      }
    }
  }

  static List<byte[]> seeds() {
    return List.of(head(Content.DEFAULT.uki(AMD64)), head(Content.DEFAULT.uki(ARM64)));
  }

  private static byte[] head(byte[] uki) {
    byte[] size = {
      (byte) (uki.length >> 24),
      (byte) (uki.length >> 16),
      (byte) (uki.length >> 8),
      (byte) uki.length
    };
    return ExtractionCase.joined(size, Arrays.copyOf(uki, 0x80 + 24 + 240 + 9 * 40));
  }
}
