package dev.moonboot.files;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The right to change files that belong together: one process has it at a time, and whoever dies
 * gives it back. As long as somebody has it, a file that says nothing lies beside them. On a file
 * system without locks everybody has it.
 */
public final class Turn implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int LONGEST_MARK = 1 << 20;

  private final Path file;
  private final FileChannel channel;

  private Turn(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Waits for it.
   *
   * @param file that stands for it, in a folder that is there
   * @throws InterruptedIOException when this thread is interrupted, and stays so
   * @throws IOException when others have it for longer than {@code atMost}, or it cannot be had
   */
  public static Turn take(Path file, Duration atMost) throws IOException {
    long end = System.nanoTime() + atMost.toNanos();
    while (true) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("interrupted while another process has " + file);
      }
      Turn taken = of(file, FileChannel.open(file, CREATE, WRITE));
      if (taken != null) {
        return taken;
      } else if (System.nanoTime() - end > 0) {
        throw new IOException(
            "another process has had %s for %d s".formatted(file, atMost.toSeconds()));
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /**
   * Null while somebody else has it.
   *
   * @param channel to the file; closed where it is not had
   */
  static @Nullable Turn of(Path file, FileChannel channel) throws IOException {
    boolean had = false;
    try {
      had = isLocked(channel) && isStillThere(file, channel);
      return had ? new Turn(file, channel) : null;
    } finally {
      if (!had) {
        channel.close();
      }
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      @Nullable FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // another thread of this process has it
    } catch (IOException e) {
      if (channel.isOpen()) {
        return true; // this file system has no locks
      }
      throw e;
    }
  }

  /**
   * Who had it before may have deleted the file since it was opened: its lock is then nobody's. It
   * is told by its size, for to open it once more and close it would end the lock (fcntl(2)).
   */
  private static boolean isStillThere(Path file, FileChannel channel) throws IOException {
    int mark = ThreadLocalRandom.current().nextInt(1, LONGEST_MARK);
    channel.truncate(0);
    channel.write(ByteBuffer.allocate(1), mark - 1);
    try {
      return Files.size(file) == mark;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      Files.deleteIfExists(file); // before the lock ends: it is nobody else's yet
    }
  }
}
