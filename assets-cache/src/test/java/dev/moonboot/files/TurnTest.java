package dev.moonboot.files;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TurnTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve(".turn");
  }

  @Test
  void one_has_it_at_a_time_and_nothing_is_left_of_it() throws IOException {
    try (Turn _ = Turn.take(file, Duration.ZERO)) {
      IOException failed =
          assertThrows(IOException.class, () -> Turn.take(file, Duration.ZERO).close());
      assertEquals("another process has had " + file + " for 0 s", failed.getMessage());
    }
    assertFalse(Files.exists(file));
    Turn.take(file, Duration.ZERO).close();
  }

  /** Between the opening of the file and its lock, whoever had it has given it back. */
  @Test
  void the_lock_of_a_file_that_was_deleted_is_nobody_s() throws IOException {
    FileChannel early = FileChannel.open(file, CREATE, WRITE);
    Files.delete(file);
    assertNull(Turn.of(file, early));
    assertFalse(early.isOpen());
    FileChannel again = FileChannel.open(file, CREATE, WRITE);
    Files.delete(file);
    Files.createFile(file);
    assertNull(Turn.of(file, again), "another one has the file of that name");
  }

  @Test
  void who_waits_can_be_interrupted_and_leaves_nothing() {
    Thread.currentThread().interrupt();
    assertThrows(InterruptedIOException.class, () -> Turn.take(file, Duration.ZERO).close());
    assertEquals(true, Thread.interrupted());
    assertFalse(Files.exists(file));
  }
}
