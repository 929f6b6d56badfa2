package dev.moonboot.server;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where groups and profiles are when nobody says so. */
final class DataPlace {
  /** Below the state, as the shipped unit lets the service write nowhere else. */
  static final Path DEFAULT = Path.of("/var/lib/moonboot/data");

  /** The default of old, which the shipped unit lets the service only read. */
  private static final Path BEFORE = Path.of("/etc/moonboot");

  private static final System.Logger LOG = System.getLogger(DataPlace.class.getName());

  private DataPlace() {}

  /** Warns of data that is not read, and makes the folders of the default place where it can. */
  static void prepare(Path data) {
    if (data.equals(DEFAULT)) {
      overlooked(BEFORE, data).ifPresent(warning -> LOG.log(Level.WARNING, warning));
      make(data);
    }
  }

  /** What to do about groups that are in {@code before} while {@code data} has none. */
  static Optional<String> overlooked(Path before, Path data) {
    if (!hasGroups(before) || hasGroups(data)) {
      return Optional.empty();
    }
    return Optional.of(
        "groups and profiles in %1$s are not read: the data directory is %2$s now, which the"
                .formatted(before, data)
            + " service can write to, and it is empty; copy them (moonboot import %1$s --to %2$s),"
                .formatted(before, data)
            + " or leave them there and set data: "
            + before);
  }

  private static boolean hasGroups(Path data) {
    try (var groups = Files.newDirectoryStream(data.resolve("groups"), "*.json")) {
      return groups.iterator().hasNext();
    } catch (IOException | DirectoryIteratorException e) {
      return false;
    }
  }

  /** So that they are the service's own, whoever puts files into them. */
  private static void make(Path data) {
    for (String folder : List.of("groups", "profiles")) {
      try {
        Files.createDirectories(data.resolve(folder));
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "cannot make folder=" + data.resolve(folder), e);
      }
    }
  }
}
