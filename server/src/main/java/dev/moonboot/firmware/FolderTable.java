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
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * The files of one folder by name, sub-folders included, but for those that would flash a Raspberry
 * Pi. Names are looked up in a table of what is there, which is read again when it is older than
 * five seconds: no name from the network is ever joined to a path. Links are followed, because
 * distributions link loaders to other folders; who may write to the folder decides what is served.
 */
public final class FolderTable {
  private static final System.Logger LOG = System.getLogger(FolderTable.class.getName());
  private static final long FRESH = Duration.ofSeconds(5).toNanos();
  private static final int DEPTH = 4;
  private static final int MOST_FILES = 4096;

  private record Table(Map<String, Path> exact, Map<String, Path> folded, long readAt) {}

  private final Path folder;
  private final AtomicReference<Table> table;

  /**
   * @param folder may be missing
   */
  public FolderTable(Path folder) {
    this.folder = folder;
    this.table = new AtomicReference<>(read(folder));
  }

  /** The file called exactly so. May wait for the disk. */
  public Optional<Path> exact(String name) {
    return Optional.ofNullable(current().exact().get(name));
  }

  /** The file called so but for upper and lower case. May wait for the disk. */
  public Optional<Path> folded(String name) {
    return Optional.ofNullable(current().folded().get(name.toLowerCase(Locale.ROOT)));
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
            .limit(MOST_FILES)
            .map(file -> Map.entry(folder.relativize(file).toString(), file))
            .filter(file -> !FlashedFiles.isOne(file.getKey()))
            .forEach(file -> exact.put(file.getKey(), file.getValue()));
      } catch (IOException | UncheckedIOException e) {
        LOG.log(WARNING, "folder={0} result=unreadable why=\"{1}\"", folder, e.getMessage());
      }
    }
    Map<String, Path> folded = new TreeMap<>();
    exact.forEach((name, file) -> folded.putIfAbsent(name.toLowerCase(Locale.ROOT), file));
    return new Table(Map.copyOf(exact), Map.copyOf(folded), System.nanoTime());
  }
}
