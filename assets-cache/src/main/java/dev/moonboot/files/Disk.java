package dev.moonboot.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The steps that make a file last, and the few other things done to whole files. */
public final class Disk {
  private Disk() {}

  /**
   * Writes all of {@code bytes}. One write may take less than it was given and say nothing: on a
   * file system that is nearly full it does.
   */
  public static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (out.write(bytes) <= 0) {
        throw new IOException("write took no bytes: No space left on device");
      }
    }
  }

  /**
   * Makes the names in a directory last (fsync(2): syncing a file does not sync its name).
   *
   * @throws IOException when it is not known whether they will
   */
  public static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, READ)) {
      channel.force(true);
    }
  }

  /** Makes a directory, or takes the one that is there, with exactly this mode. */
  public static void makeDirectory(Path directory, Set<PosixFilePermission> mode)
      throws IOException {
    if (!Files.isDirectory(directory, NOFOLLOW_LINKS)) {
      Files.createDirectory(directory);
      Files.setPosixFilePermissions(directory, mode);
      syncDirectory(directoryOf(directory));
    } else if (!Files.getPosixFilePermissions(directory).equals(mode)) {
      Files.setPosixFilePermissions(directory, mode);
    }
  }

  /** Deletes a file or a directory with all it holds; links are removed, never followed. */
  public static void deleteTree(Path tree) throws IOException {
    try {
      Files.walkFileTree(tree, new Deleting());
    } catch (NoSuchFileException e) {
      // gone already
    }
  }

  /**
   * As {@link #deleteTree}, where there is nothing to be done about it if that fails.
   *
   * @return whether it is gone
   */
  public static boolean tryDelete(Path tree) {
    try {
      deleteTree(tree);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Bytes of the files in a directory and below, each once whatever its names; what goes or comes
   * meanwhile may count or not.
   *
   * @throws IOException when a directory cannot be read
   */
  public static long sizeOf(Path tree) throws IOException {
    Adding adding = new Adding();
    Files.walkFileTree(tree, adding);
    return adding.bytes;
  }

  /**
   * Bytes that this process could still write in a directory.
   *
   * @throws NoSuchFileException when there is none
   */
  public static long usableSpace(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      throw new NoSuchFileException(directory.toString());
    }
    // Files.getFileStore would look for it in /proc/mounts, which a service with ProcSubset=pid
    // (systemd.exec(5)) has not
    return directory.toFile().getUsableSpace();
  }

  static Path directoryOf(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException("the root directory cannot be replaced");
    }
    return parent;
  }

  private static final class Adding extends SimpleFileVisitor<Path> {
    private final Set<Object> seen = new HashSet<>();
    private long bytes;

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      Object key = attributes.fileKey();
      if (key == null || seen.add(key)) {
        bytes += attributes.size();
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
      if (failed instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failed;
    }
  }

  private static final class Deleting extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed)
        throws IOException {
      if (failed != null) {
        throw failed;
      }
      Files.deleteIfExists(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
