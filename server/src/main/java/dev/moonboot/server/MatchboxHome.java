package dev.moonboot.server;

import dev.moonboot.files.Disk;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Where state and cache are kept that matchbox does not have: beside its data where that can be
 * written, else in a temporary folder, which goes with the process.
 */
final class MatchboxHome {
  /** Hidden: neither matchbox nor we read or serve what is in it. */
  static final String FOLDER = ".moonboot";

  private static final System.Logger LOG = System.getLogger(MatchboxHome.class.getName());

  /**
   * The second is there, and can be written, in a container whose root file system is read-only.
   */
  private static final List<Path> TEMPORARY =
      List.of(Path.of(System.getProperty("java.io.tmpdir", "/tmp")), Path.of("/dev/shm"));

  private final Path folder;
  private final boolean passing;

  private MatchboxHome(Path folder, boolean passing) {
    this.folder = folder;
    this.passing = passing;
  }

  /** Where it would be beside the data. */
  static Path beside(Path data) {
    return data.resolve(FOLDER);
  }

  /** Makes it. */
  static MatchboxHome open(Path data) {
    Path wanted = beside(data);
    try {
      Files.createDirectories(
          wanted,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      if (Files.isWritable(wanted)) {
        return new MatchboxHome(wanted, false);
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "cannot make folder=" + wanted, e);
    }
    Path folder = temporary(wanted);
    LOG.log(
        Level.WARNING,
        "state folder={0} instead={1} why=\"cannot be written\" effect=\"when this process ends,"
            + " what was pulled, what channels named, pins and the audit log are gone; make it"
            + " writable, or set MOONBOOT_STATE and MOONBOOT_CACHE to folders that last\"",
        wanted,
        folder);
    return new MatchboxHome(folder, true);
  }

  private static Path temporary(Path wanted) {
    IOException last = null;
    for (Path place : TEMPORARY) {
      try {
        return Files.createTempDirectory(place, "moonboot-");
      } catch (IOException e) {
        last = e;
      }
    }
    throw new StartException(
        "neither %s nor a temporary folder (%s) can be written: set MOONBOOT_STATE and MOONBOOT_CACHE"
                .formatted(wanted, TEMPORARY)
            + " to folders that can",
        last);
  }

  Path folder() {
    return folder;
  }

  /** Deletes what does not last anyway. */
  void discard() {
    if (passing) {
      Disk.tryDelete(folder);
    }
  }
}
