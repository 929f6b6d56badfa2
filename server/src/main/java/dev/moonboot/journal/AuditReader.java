package dev.moonboot.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads an audit log from its end, also while somebody writes it. */
public final class AuditReader {
  /** How far back it reads at most, in bytes. */
  private static final long FARTHEST = 32 << 20;

  private final AuditFiles files;

  /** Of the log in {@code directory}. */
  public AuditReader(Path directory) {
    this.files = new AuditFiles(directory);
  }

  /**
   * The latest records that {@code filter} accepts, newest first; reads 32 MiB at most.
   *
   * @param limit how many at most
   * @throws UncheckedIOException when the files cannot be read
   */
  public AuditPage recent(AuditFilter filter, int limit) {
    List<AuditRecord> found = new ArrayList<>();
    long read = 0;
    try {
      for (int number : files.numbers().reversed()) {
        try (AuditFiles.Backwards lines = files.open(number)) {
          for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
            AuditRecord.parse(line.get()).filter(filter::accepts).ifPresent(found::add);
            if (found.size() >= limit || read + lines.bytesRead() > FARTHEST) {
              return new AuditPage(found, true);
            }
          }
          read += lines.bytesRead();
        }
      }
      return new AuditPage(found, false);
    } catch (NoSuchFileException e) {
      return new AuditPage(found, false); // the oldest was deleted meanwhile
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the audit log in " + files.directory() + " cannot be read", e);
    }
  }
}
