package dev.moonboot.assets.store;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.attribute.PosixFilePermission.GROUP_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;

import dev.moonboot.files.AtomicFile;
import dev.moonboot.files.Disk;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/** Whether directories and their file systems can carry a store at all. */
final class StoreGround {
  private static final Logger LOG = System.getLogger(StoreGround.class.getName());
  private static final Path OURSELVES = Path.of("/proc/self");

  private StoreGround() {}

  /**
   * Looks at what nobody but an administrator can put right.
   *
   * @throws StoreException (UNSUITABLE) with what to do
   */
  static void check(StoreLayout layout) throws IOException {
    checkOurs("cache", layout.root());
    if (Files.isDirectory(layout.state())) {
      checkOurs("state", layout.state());
    }
    checkOneDisk(layout);
    checkRename(layout);
  }

  /** Who else can write there could put anything in the place of what nodes boot. */
  private static void checkOurs(String what, Path directory) throws IOException {
    Path real = directory.toRealPath(); // systemd's is a symbolic link
    var mode = Files.getPosixFilePermissions(real);
    if (mode.contains(GROUP_WRITE) || mode.contains(OTHERS_WRITE)) {
      throw unsuitable(
          "the %s directory %s can be written by others (%s): chmod go-w %s"
              .formatted(what, real, PosixFilePermissions.toString(mode), real));
    }
    Optional<Object> us = owner(OURSELVES);
    Optional<Object> its = owner(real);
    if (us.isPresent() && its.isPresent() && !us.equals(its)) {
      throw unsuitable(
          ("the %s directory %s belongs to user %s and moonboot runs as user %s: chown -R %s %s, or"
                  + " choose another")
              .formatted(what, real, its.get(), us.get(), us.get(), real));
    }
  }

  private static Optional<Object> owner(Path path) {
    try {
      return Optional.of(Files.getAttribute(path, "unix:uid"));
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty(); // no /proc, or no Unix: then it cannot be told
    }
  }

  private static void checkOneDisk(StoreLayout layout) throws IOException {
    Object disk = Files.getAttribute(layout.root(), "unix:dev");
    for (Path part :
        List.of(layout.ingests(), layout.blobs(), layout.releases(), layout.quarantine())) {
      if (!Files.getAttribute(part, "unix:dev").equals(disk)) {
        throw unsuitable(
            "%s lies on another file system than %s: a file can be moved whole only within one, so"
                    .formatted(part, layout.root())
                + " mount nothing inside the cache directory");
      }
    }
  }

  /** Files get their final names by a rename over what is there, in one step. */
  private static void checkRename(StoreLayout layout) throws IOException {
    Path from = layout.ingests().resolve("probe");
    Path to = layout.releases().resolve(".probe" + AtomicFile.PART);
    try {
      createAnew(from);
      createAnew(to);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "cache rename=untried why=\"" + e + "\""); // full, or read-only
      Disk.tryDelete(from);
      return;
    }
    try {
      Files.move(from, to, ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException | FileAlreadyExistsException e) {
      throw unsuitable(
          "the file system of %s cannot rename a file over another in one step (%s): choose a"
                  .formatted(layout.root(), e)
              + " directory on a local disk for the cache");
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cache rename=failed why=\"" + e + "\"");
    } finally {
      Disk.tryDelete(from);
      Disk.tryDelete(to);
    }
  }

  private static void createAnew(Path file) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(file);
  }

  private static StoreException unsuitable(String message) {
    return new StoreException(StoreException.Reason.UNSUITABLE, message);
  }
}
