package dev.moonboot.assets.cache;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.moonboot.files.Disk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A folder for one run, which is gone when it is closed. One whose process was killed is deleted by
 * the next that is made beside it: a lock that dies with a process tells them apart.
 */
final class RunFolder implements AutoCloseable {
  private static final String PREFIX = ".moonboot-build-";
  private static final String LOCK = "lock";

  /** Between the folder and its lock is no time worth telling; but nothing young is deleted. */
  private static final Duration YOUNG = Duration.ofHours(1);

  private final Path path;
  private final FileChannel lock;

  private RunFolder(Path path) throws IOException {
    this.path = path;
    this.lock = FileChannel.open(path.resolve(LOCK), CREATE_NEW, WRITE);
    lock.lock();
  }

  /** Makes one, and deletes what others left in the same place. */
  static RunFolder in(Path within) throws IOException {
    Path made = Files.createTempDirectory(within, PREFIX);
    try {
      sweep(within, owner(made)); // before there is a lock of ours: to try that would end it
      return new RunFolder(made);
    } catch (IOException | RuntimeException e) {
      Disk.tryDelete(made);
      throw e;
    }
  }

  private static UserPrincipal owner(Path folder) throws IOException {
    return Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * @param own whose folders are deleted: another one could put a link to anywhere in the place of
   *     a folder while it is
   */
  private static void sweep(Path within, UserPrincipal own) throws IOException {
    try (var folders = Files.newDirectoryStream(within, PREFIX + "*")) {
      for (Path folder : folders) {
        if (isLeft(folder, own)) {
          Disk.tryDelete(folder);
        }
      }
    }
  }

  private static boolean isLeft(Path folder, UserPrincipal own) {
    try {
      return owner(folder).equals(own) && isLeft(folder);
    } catch (IOException e) {
      return false; // it is gone, or somebody else's
    }
  }

  private static boolean isLeft(Path folder) {
    try (FileChannel lock = FileChannel.open(folder.resolve(LOCK), WRITE);
        @Nullable FileLock taken = lock.tryLock()) {
      return taken != null;
    } catch (OverlappingFileLockException e) {
      return false; // this process has it
    } catch (NoSuchFileException e) {
      return isOld(folder);
    } catch (IOException e) {
      return false; // it is somebody else's
    }
  }

  private static boolean isOld(Path folder) {
    try {
      return Files.getLastModifiedTime(folder).toInstant().isBefore(Instant.now().minus(YOUNG));
    } catch (IOException e) {
      return false;
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      Disk.tryDelete(path); // while it is locked: nobody else begins to
    }
    Disk.deleteTree(path); // NFS keeps a file that is open, and its folder
  }
}
