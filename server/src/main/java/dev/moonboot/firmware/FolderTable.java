package dev.moonboot.firmware;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

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

  /** What could not be read, so that it is told once and not every five seconds. */
  private final Set<Path> told = ConcurrentHashMap.newKeySet();

  /**
   * @param folder may be missing
   */
  public FolderTable(Path folder) {
    this.folder = folder;
    this.table = new AtomicReference<>(read());
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
    Table fresh = read();
    table.compareAndSet(held, fresh);
    return fresh;
  }

  private Table read() {
    Map<String, Path> exact = new TreeMap<>();
    if (Files.isDirectory(folder)) {
      try {
        Files.walkFileTree(
            folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEPTH, new Listing(exact));
      } catch (IOException e) {
        unreadable(folder, e);
      }
    }
    Map<String, Path> folded = new TreeMap<>();
    exact.forEach((name, file) -> folded.putIfAbsent(name.toLowerCase(Locale.ROOT), file));
    return new Table(Map.copyOf(exact), Map.copyOf(folded), System.nanoTime());
  }

  private void unreadable(Path what, IOException why) {
    if (told.add(what)) {
      LOG.log(WARNING, "folder={0} result=unreadable why=\"{1}\"", folder, why.toString());
    }
  }

  /** What cannot be read (such as lost+found, or a link that goes round) hides nothing else. */
  private final class Listing extends SimpleFileVisitor<Path> {
    private final Map<String, Path> into;

    private Listing(Map<String, Path> into) {
      this.into = into;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes is) {
      String name = folder.relativize(file).toString();
      if (is.isRegularFile() && !FlashedFiles.isOne(name)) {
        into.put(name, file);
      }
      return into.size() < MOST_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException why) {
      unreadable(file, why);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path of, @Nullable IOException why) {
      if (why != null) {
        unreadable(of, why);
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
