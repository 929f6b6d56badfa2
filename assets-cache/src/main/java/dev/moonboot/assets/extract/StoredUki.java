package dev.moonboot.assets.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.UkiLines;
import dev.moonboot.assets.extract.UkiReader.Section;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Reads what unified kernel images say of themselves, of files that are there already. */
public final class StoredUki {
  private StoredUki() {}

  /**
   * The command lines in the file; only its headers and its texts are read.
   *
   * @throws ExtractException when it is no UKI
   * @throws IOException when it cannot be read
   */
  public static UkiLines lines(Path file) throws IOException {
    return read(file, _ -> {});
  }

  /**
   * The same of one that has to be for an architecture, with parts of bounded size.
   *
   * @throws UncheckedIOException when it cannot be read
   */
  static UkiLines check(Path file, UkiCarver.Target wanted) {
    try {
      return read(file, wanted::require);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static UkiLines read(Path file, Consumer<UkiReader> check) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      byte[] head = new byte[(int) Math.min(in.length(), UkiReader.HEAD)];
      in.readFully(head);
      UkiReader uki = UkiReader.parse(head, in.length());
      check.accept(uki);
      return uki.lines(section -> text(in, section));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static String text(RandomAccessFile in, Section section) {
    try {
      byte[] text = new byte[(int) section.length()];
      in.seek(section.from());
      in.readFully(text);
      return new String(text, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
