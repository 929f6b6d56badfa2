package dev.moonboot.firmware;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The boot loaders of one folder by name, sub-folders included. Names are looked up in a table of
 * what is there, which is read again when it is older than five seconds: no name from the network
 * is ever joined to a path. Links are followed, because distributions link loaders to other
 * folders; who may write to the folder decides what is served.
 */
final class LoaderFolder {
  private static final System.Logger LOG = System.getLogger(LoaderFolder.class.getName());
  private static final long FRESH = Duration.ofSeconds(5).toNanos();
  private static final int DEPTH = 4;
  private static final int MOST_FILES = 4096;

  /** A Raspberry Pi that is given these writes them to its EEPROM. */
  private static final Set<String> FLASHED = Set.of("pieeprom.upd", "pieeprom.sig", "recovery.bin");

  private record Table(Map<String, Path> exact, Map<String, Path> folded, long readAt) {}

  private final Path folder;
  private final AtomicReference<Table> table;

  private final Predicate<Path> hidden;

  /**
   * @param hidden says which files are not to be found
   */
  LoaderFolder(Path folder, Predicate<Path> hidden) {
    this.folder = folder;
    this.hidden = hidden;
    this.table = new AtomicReference<>(read(folder));
  }

  /** The file called exactly so. May wait for the disk. */
  Optional<Path> exact(String name) {
    return Optional.ofNullable(current().exact().get(name)).filter(hidden.negate());
  }

  /** The file called so but for upper and lower case. May wait for the disk. */
  Optional<Path> folded(String name) {
    return Optional.ofNullable(current().folded().get(name.toLowerCase(Locale.ROOT)))
        .filter(hidden.negate());
  }

  private Table current() {
    Table held = table.get();
    if (System.nanoTime() - held.readAt() < FRESH) {
      return held;
    }
    Table fresh = read(folder);
    table.compareAndSet(held, fresh);
    return fresh;
  }

  private static Table read(Path folder) {
    Map<String, Path> exact = new TreeMap<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.walk(folder, DEPTH, FileVisitOption.FOLLOW_LINKS)) {
        files
            .filter(Files::isRegularFile)
            .filter(file -> !FLASHED.contains(lowerCase(file.getFileName())))
            .limit(MOST_FILES)
            .forEach(file -> exact.put(folder.relativize(file).toString(), file));
      } catch (IOException | UncheckedIOException e) {
        LOG.log(
            WARNING, "loaders folder={0} result=unreadable why=\"{1}\"", folder, e.getMessage());
      }
    }
    Map<String, Path> folded = new TreeMap<>();
    exact.forEach((name, file) -> folded.putIfAbsent(name.toLowerCase(Locale.ROOT), file));
    return new Table(Map.copyOf(exact), Map.copyOf(folded), System.nanoTime());
  }

  private static String lowerCase(Path name) {
    return name.toString().toLowerCase(Locale.ROOT);
  }
}
