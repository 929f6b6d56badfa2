package dev.moonboot.release;

import dev.moonboot.files.Disk;
import dev.moonboot.files.TwoSlots;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Decisions on disk, in two slots that are written in turn. Used by one thread at a time.
 *
 * <p>A write that fails may have reached the disk all the same (only the directory's sync failed,
 * say). Then the state before is written once more, as a newer one, so that a start does not find
 * what was never acknowledged.
 */
final class DecisionFile {
  private static final System.Logger LOG = System.getLogger(DecisionFile.class.getName());
  private static final Set<PosixFilePermission> DIRECTORY_MODE =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rw-------");

  private final Path directory;
  private final TwoSlots slots;
  private Decisions acknowledged;
  private long serial;
  private boolean doubtful;

  /**
   * What a start found.
   *
   * @param decisions those in force
   * @param lost whether there were some, and none of them can be read
   * @param troubles what could not be read, for people; empty when all is well
   */
  record Start(DecisionFile file, Decisions decisions, boolean lost, List<String> troubles) {
    Start {
      troubles = List.copyOf(troubles);
    }
  }

  private DecisionFile(Path directory, TwoSlots slots, Decisions found, long serial) {
    this.directory = directory;
    this.slots = slots;
    this.acknowledged = found;
    this.serial = serial;
  }

  /** Reads what is there, in a directory that may be missing; writes nothing. */
  static Start open(Path directory) {
    TwoSlots slots = new TwoSlots(directory, "decisions", MODE);
    TwoSlots.Found found = slots.read();
    List<String> troubles = new ArrayList<>();
    found.broken().forEach(broken -> troubles.add(String.valueOf(broken.getMessage())));
    Decisions decisions =
        found
            .state()
            .map(state -> DecisionJson.read(found.serial(), state, troubles::add))
            .orElse(Decisions.NONE);
    // A damaged slot may have been the newer one: its number is not given away twice.
    long serial = found.serial() + (found.broken().isEmpty() ? 0 : 2);
    boolean lost = found.state().isEmpty() && !found.broken().isEmpty();
    return new Start(
        new DecisionFile(directory, slots, decisions, serial), decisions, lost, troubles);
  }

  /** The number that the next state gets. */
  long nextSerial() {
    return serial + 1;
  }

  /**
   * Makes the next decisions last.
   *
   * @return them with their number
   * @throws IOException when that could not be done: those before are still the ones on disk, or
   *     will be as soon as it can be written
   */
  Decisions write(Decisions next) throws IOException {
    serial++;
    Decisions numbered = next.at(serial);
    try {
      make();
      slots.write(serial, DecisionJson.write(numbered));
    } catch (IOException | RuntimeException e) {
      doubtful = true;
      repair();
      throw e;
    }
    acknowledged = numbered;
    doubtful = false;
    return numbered;
  }

  private void make() throws IOException {
    if (!Files.isDirectory(directory)) {
      Path parent = directory.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Disk.makeDirectory(directory, DIRECTORY_MODE);
    }
  }

  /** After a write that failed: makes sure that what is in force is what a start would find. */
  void repair() {
    if (!doubtful) {
      return;
    }
    serial++;
    try {
      make();
      slots.write(serial, DecisionJson.write(acknowledged));
      doubtful = false;
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.ERROR, "decisions file={0} result=unwritable why=\"{1}\"", directory, e);
    }
  }
}
