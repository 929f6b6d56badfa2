package dev.moonboot.journal;

import dev.moonboot.assets.Digest;
import dev.moonboot.journal.AuditFiles.Chain;
import dev.moonboot.journal.AuditReport.Break;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole audit log and holds each record to the one before it. Finds what was changed, taken
 * out, put in or put elsewhere, but not that records are missing at the very end, nor a change of
 * the last one: for that somebody must have kept an {@link AuditMark}. Reads also the files of a
 * running appliance.
 */
public final class AuditVerifier {
  /** The oldest files are deleted as new ones begin: so often the list may have changed. */
  private static final int TRIES = 5;

  private static final int KEPT = AuditWriter.Limits.DEFAULT.files();

  private final AuditFiles files;
  private final int kept;
  private final @Nullable AuditMark expected;
  private final List<String> notes = new ArrayList<>();
  private @Nullable AuditRecord first;
  private @Nullable AuditRecord last;
  private @Nullable Break found;
  private Chain chain = Chain.NEW;
  private long records;
  private long gaps;
  private long missed;
  private boolean seen;

  private AuditVerifier(Path directory, int kept, @Nullable AuditMark expected) {
    this.files = new AuditFiles(directory);
    this.kept = kept;
    this.expected = expected;
  }

  /**
   * Looks through the log in {@code directory}.
   *
   * @param expected a record that must be in it
   * @throws IOException when it cannot be read
   */
  public static AuditReport verify(Path directory, Optional<AuditMark> expected)
      throws IOException {
    return verify(directory, KEPT, expected.orElse(null));
  }

  static AuditReport verify(Path directory, int kept, @Nullable AuditMark expected)
      throws IOException {
    for (int i = 1; i < TRIES; i++) {
      try {
        return new AuditVerifier(directory, kept, expected).verify();
      } catch (NoSuchFileException e) {
        // the oldest file was deleted meanwhile: start with the next one
      }
    }
    return new AuditVerifier(directory, kept, expected).verify();
  }

  private AuditReport verify() throws IOException {
    List<Integer> numbers = files.numbers();
    int read = 0;
    for (int i = 0; i < numbers.size() && found == null; i++) {
      checkPlace(numbers, i);
      if (found == null) {
        read++;
        readFile(numbers.get(i), i == 0, i == numbers.size() - 1);
      }
    }
    if (found == null) {
      checkMark();
    }
    if (gaps > 0) {
      notes.add(
          "%d times the disk took nothing: %d records are in the log of that time alone (see events"
                  .formatted(gaps, missed)
              + " audit.gap)");
    }
    return new AuditReport(records, read, first, last, chain.last().toString(), notes, found);
  }

  /** Files go on without a hole, and only rotation takes away the first ones. */
  private void checkPlace(List<Integer> numbers, int i) {
    int number = numbers.get(i);
    if (i > 0 && number != numbers.get(i - 1) + 1) {
      found =
          new Break(
              name(numbers.get(i - 1) + 1),
              0,
              chain.seq() + 1,
              "the file is missing",
              "it was deleted or renamed: files between others never go by themselves");
    } else if (i == 0 && number > 1 && numbers.size() < kept) {
      found =
          new Break(
              name(number - 1),
              0,
              0,
              "the file is missing",
              "it was deleted: %d files are kept, and only %d are there"
                  .formatted(kept, numbers.size()));
    } else if (i == 0 && number > 1) {
      notes.add("what stood before " + name(number) + " was rotated away");
    }
  }

  private String name(int number) {
    return String.valueOf(files.file(number).getFileName());
  }

  private void readFile(int number, boolean oldest, boolean newest) throws IOException {
    try (InputStream in =
        new BufferedInputStream(
            Files.newInputStream(files.file(number), LinkOption.NOFOLLOW_LINKS), 1 << 16)) {
      for (long line = 1; found == null; line++) {
        var bytes = new ByteArrayOutputStream();
        boolean whole = readLine(in, bytes);
        if (!whole && bytes.size() > 0) {
          torn(number, line, bytes.size(), newest);
        }
        if (!whole) {
          return;
        }
        check(number, line, bytes.toByteArray(), oldest && line == 1);
      }
    }
  }

  private static boolean readLine(InputStream in, ByteArrayOutputStream line) throws IOException {
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        return true;
      }
      line.write(b);
      if (line.size() > AuditFiles.LONGEST_LINE) {
        return true; // which no record has
      }
    }
    return false;
  }

  private void torn(int number, long line, int bytes, boolean newest) {
    if (newest) {
      notes.add(
          "%s ends with %d bytes of a line that is not finished: it is being written, or a crash"
                  .formatted(name(number), bytes)
              + " cut it off before it counted");
    } else {
      broken(number, line, "the line is cut off", "the end of the file was taken away");
    }
  }

  private void check(int number, long line, byte[] bytes, boolean begins) {
    Digest digest = Digest.of(bytes);
    Optional<AuditRecord> parsed =
        AuditRecord.parse(new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1));
    if (parsed.isEmpty()) {
      broken(number, line, "this is no record", "the line was changed or damaged");
      return;
    }
    AuditRecord record = parsed.get();
    if (begins && number > 1) {
      chain = new Chain(record.seq() - 1, chain.last()); // its predecessor was rotated away
    } else if (!record.prev().equals(chain.last().toString()) || record.seq() != chain.seq() + 1) {
      mismatch(number, line, record);
      return;
    }
    chain = new Chain(record.seq(), digest);
    records++;
    first = first == null ? record : first;
    last = record;
    note(record);
    checkMark(number, line);
  }

  private void mismatch(int number, long line, AuditRecord record) {
    long expectedSeq = chain.seq() + 1;
    if (record.seq() > expectedSeq) {
      broken(
          number,
          line,
          "record %d follows record %d".formatted(record.seq(), chain.seq()),
          "%d records between them were taken out".formatted(record.seq() - expectedSeq));
    } else if (record.seq() < expectedSeq) {
      broken(
          number,
          line,
          "record %d follows record %d".formatted(record.seq(), chain.seq()),
          "lines were put in, doubled or moved");
    } else {
      broken(
          number,
          line,
          "the digest of the line before does not fit",
          "record %d, which is before it, or this one was changed after it was written"
              .formatted(chain.seq()));
    }
  }

  private void note(AuditRecord record) {
    if (record.event().equals("audit.gap")) {
      gaps++;
      missed +=
          record
              .content()
              .object("details")
              .flatMap(details -> details.text("count"))
              .filter(count -> count.matches("[0-9]{1,9}"))
              .map(Long::parseLong)
              .orElse(0L);
    }
  }

  private void checkMark(int number, long line) {
    if (expected != null && expected.seq() == chain.seq()) {
      seen = true;
      if (!expected.digest().equals(chain.last())) {
        broken(
            number,
            line,
            "record %d is another one than expected".formatted(chain.seq()),
            "it, or one before it, was changed and all digests after it were made anew");
      }
    }
  }

  private void checkMark() {
    if (expected == null || seen) {
      return;
    }
    if (expected.seq() > chain.seq()) {
      found =
          new Break(
              files.directory().toString(),
              0,
              expected.seq(),
              "the log ends at record %d, and record %d was expected"
                  .formatted(chain.seq(), expected.seq()),
              "records at the end were taken away");
    } else {
      notes.add(
          "record %d was expected and cannot be checked: it was rotated away"
              .formatted(expected.seq()));
    }
  }

  private void broken(int number, long line, String what, String meaning) {
    found = new Break(name(number), line, chain.seq() + 1, what, meaning);
  }
}
