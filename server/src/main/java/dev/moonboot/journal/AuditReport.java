package dev.moonboot.journal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a look through the whole audit log found.
 *
 * @param records how many belong together without a break, from the first one on
 * @param files how many files they stand in
 * @param first the first of them; null when there is none
 * @param last the last of them; null when there is none
 * @param lastDigest the digest of the last one's line, by which the log can be held to it later
 * @param notes what is worth knowing, and no break
 * @param found the first break; null when there is none
 */
public record AuditReport(
    long records,
    int files,
    @Nullable AuditRecord first,
    @Nullable AuditRecord last,
    String lastDigest,
    List<String> notes,
    @Nullable Break found) {
  public AuditReport {
    notes = List.copyOf(notes);
  }

  /**
   * Where the records do not belong together.
   *
   * @param file its name
   * @param line its number in that file, from 1; 0 for the file itself
   * @param seq the number that the record there should have
   * @param what is wrong
   * @param meaning what may have happened
   */
  public record Break(String file, long line, long seq, String what, String meaning) {}

  /** The first break. */
  public Optional<Break> firstBreak() {
    return Optional.ofNullable(found);
  }

  /** When the first record was written. */
  public Optional<Instant> from() {
    return Optional.ofNullable(first).map(AuditRecord::at);
  }

  /** When the last record was written. */
  public Optional<Instant> until() {
    return Optional.ofNullable(last).map(AuditRecord::at);
  }
}
