package dev.moonboot.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Where each line of the audit log is copied to, and goes alone while the disk takes none. */
@FunctionalInterface
public interface LogCopy {
  /**
   * Writes one line.
   *
   * @param line with its line feed
   * @throws IOException when it did not get there
   */
  void write(String line) throws IOException;

  /**
   * The process's standard error, which is the service manager's journal, beside the other log
   * lines. Straight to the descriptor: a logger would not say that nobody takes its lines any more.
   */
  static LogCopy standardError() {
    // made once and never closed: the descriptor is everybody's
    var stream = new FileOutputStream(FileDescriptor.err);
    return line -> {
      String text = Instant.now().truncatedTo(ChronoUnit.MILLIS) + " INFO  audit " + line;
      stream.write(text.getBytes(UTF_8));
    };
  }
}
