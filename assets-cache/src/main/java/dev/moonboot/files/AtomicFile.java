package dev.moonboot.files;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a small file whole, or not at all: after a crash or a power cut the file holds what it
 * held before or what it was to hold, and once {@link #replace} has returned, the latter.
 */
public final class AtomicFile {
  /** What unfinished files end with; they may be deleted whenever nobody is writing. */
  public static final String PART = ".part";

  /** Digits that no other process has: in a container the one before had our id. */
  private static final String OURS = "." + new SecureRandom().nextInt(1_000_000_000) + "-";

  private static final AtomicLong SERIAL = new AtomicLong();

  private AtomicFile() {}

  /**
   * Makes {@code file} hold {@code bytes}, with the mode that the process's umask gives.
   *
   * @throws IOException when that could not be done; the file is then as it was, unless only the
   *     last step failed (the directory's fsync): then it may be either
   */
  public static void replace(Path file, byte[] bytes) throws IOException {
    write(file, bytes, null);
  }

  /** As {@link #replace(Path, byte[])}, with exactly this mode whatever the umask is. */
  public static void replace(Path file, byte[] bytes, Set<PosixFilePermission> mode)
      throws IOException {
    write(file, bytes, mode);
  }

  /** Whether an unfinished file of that name is of this process, and may be in the making. */
  public static boolean isOurs(String part) {
    return part.contains(OURS);
  }

  private static void write(Path file, byte[] bytes, @Nullable Set<PosixFilePermission> mode)
      throws IOException {
    Path directory = Disk.directoryOf(file);
    // Beside the target: a rename is atomic only within one file system.
    Path part =
        directory.resolve("." + file.getFileName() + OURS + SERIAL.incrementAndGet() + PART);
    try {
      try (FileChannel out = FileChannel.open(part, CREATE_NEW, WRITE)) {
        if (mode != null) {
          Files.setPosixFilePermissions(part, mode);
        }
        Disk.writeFully(out, ByteBuffer.wrap(bytes));
        out.force(true);
      }
      Files.move(part, file, ATOMIC_MOVE);
    } catch (IOException | RuntimeException e) {
      Disk.tryDelete(part);
      throw e;
    }
    Disk.syncDirectory(directory);
  }
}
