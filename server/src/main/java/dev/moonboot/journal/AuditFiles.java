package dev.moonboot.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardOpenOption.READ;

import dev.moonboot.assets.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of an audit log: {@code audit-1.jsonl}, {@code audit-2.jsonl} and so on, each going on
 * where the one before ends; the oldest are deleted.
 */
record AuditFiles(Path directory) {
  /** A line is shorter by far: its values are cut, and so is their number. */
  static final int LONGEST_LINE = 1 << 20;

  private static final Pattern NAME = Pattern.compile("audit-([1-9][0-9]{0,8})\\.jsonl");

  /**
   * Where the chain has got to.
   *
   * @param seq of the last record; 0 when there is none
   * @param last the digest of its line
   */
  record Chain(long seq, Digest last) {
    static final Chain NEW = new Chain(0, new Digest("0".repeat(64)));
  }

  /**
   * Where the log ends.
   *
   * @param number of the last file; 0 when there is none
   * @param length of its whole lines, in bytes
   * @param torn how many bytes follow them: a line that never got finished
   */
  record End(int number, long length, long torn, Chain chain) {}

  Path file(int number) {
    return directory.resolve("audit-" + number + ".jsonl");
  }

  /** The numbers of the files that are there, in order. */
  List<Integer> numbers() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> NAME.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .map(name -> Integer.valueOf(name.group(1)))
          .sorted()
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Finds the end, reading only what is behind the last record. */
  End end() throws IOException {
    List<Integer> numbers = numbers();
    if (numbers.isEmpty()) {
      return new End(0, 0, 0, Chain.NEW);
    }
    int newest = numbers.getLast();
    long length = 0;
    long torn = 0;
    long unreadable = 0;
    Digest last = Chain.NEW.last();
    for (int number : numbers.reversed()) {
      try (Backwards lines = open(number)) {
        if (number == newest) {
          length = lines.whole();
          torn = lines.size() - length;
        }
        for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
          Optional<AuditRecord> known = AuditRecord.parse(line.get());
          // the last line counts for the chain also when somebody made it unreadable
          last = unreadable == 0 ? digest(line.get()) : last;
          if (known.isPresent()) {
            return new End(newest, length, torn, new Chain(known.get().seq() + unreadable, last));
          }
          unreadable++;
        }
      }
    }
    return new End(newest, length, torn, new Chain(unreadable, last));
  }

  /** The digest that the line after {@code line} refers to it by. */
  static Digest digest(String line) {
    return Digest.of(line.getBytes(ISO_8859_1));
  }

  Backwards open(int number) throws IOException {
    FileChannel file = FileChannel.open(file(number), READ, LinkOption.NOFOLLOW_LINKS);
    try {
      return new Backwards(file);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** The whole lines of one file, last first. Bytes are read as they are (ISO 8859-1). */
  static final class Backwards implements AutoCloseable {
    private static final int CHUNK = 64 << 10;

    private final FileChannel file;
    private final long size;
    private final long whole;
    private final List<String> ready = new ArrayList<>();
    private String head = "";
    private long at;
    private long read;

    Backwards(FileChannel file) throws IOException {
      this(file, file.size());
    }

    /** Those before {@code size}. */
    Backwards(FileChannel file, long size) throws IOException {
      this.file = file;
      this.size = size;
      this.whole = findWhole();
      this.at = whole;
    }

    long size() {
      return size;
    }

    /** How many bytes there are up to the last line feed. */
    long whole() {
      return whole;
    }

    /** How many bytes were read so far. */
    long bytesRead() {
      return read;
    }

    private long findWhole() throws IOException {
      for (long end = size; end > 0; ) {
        long start = Math.max(0, end - CHUNK);
        int feed = text(start, end).lastIndexOf('\n');
        if (feed >= 0) {
          return start + feed + 1;
        }
        end = start;
      }
      return 0;
    }

    /** The line before, without its line feed. */
    Optional<String> next() throws IOException {
      while (ready.isEmpty() && at > 0) {
        fill();
      }
      return ready.isEmpty() ? Optional.empty() : Optional.of(ready.removeLast());
    }

    /** Takes the next chunk from behind; what stands before its first line feed waits. */
    private void fill() throws IOException {
      long start = Math.max(0, at - CHUNK);
      String text = text(start, at) + head;
      at = start;
      int from = start == 0 ? 0 : text.indexOf('\n', 0, Math.max(0, text.length() - 1)) + 1;
      if (from == 0 && start > 0) {
        if (text.length() > LONGEST_LINE) {
          throw new IOException("a line is longer than " + LONGEST_LINE + " bytes");
        }
        head = text; // no line begins in it
        return;
      }
      head = text.substring(0, from);
      for (int feed = text.indexOf('\n', from); feed >= 0; feed = text.indexOf('\n', from)) {
        ready.add(text.substring(from, feed));
        from = feed + 1;
      }
    }

    private String text(long start, long end) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate((int) (end - start));
      while (bytes.hasRemaining() && file.read(bytes, start + bytes.position()) > 0) {
        // a read may bring less than there is
      }
      read += bytes.position();
      return new String(bytes.array(), 0, bytes.position(), ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
