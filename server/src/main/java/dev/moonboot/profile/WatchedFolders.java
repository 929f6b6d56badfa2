package dev.moonboot.profile;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import dev.moonboot.files.AtomicFile;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Folders that a watch service tells about, though they come, go and are exchanged for others. */
final class WatchedFolders {
  private static final System.Logger LOG = System.getLogger(WatchedFolders.class.getName());

  /** A system has room for some thousands for each user; what is beyond is looked at regularly. */
  private static final int MOST = 256;

  /** Which folder was there when it was registered: its path may lead to another one since. */
  private record Registered(WatchKey key, @Nullable Object folder) {}

  /**
   * What may have changed.
   *
   * @param all whether that is not known
   * @param files that something was told of
   */
  record Changes(boolean all, Set<Path> files) {
    static final Changes NONE = new Changes(false, Set.of());

    Changes and(Changes more) {
      Set<Path> both = new HashSet<>(files);
      both.addAll(more.files);
      return new Changes(all || more.all, both);
    }
  }

  private final WatchService events;
  private final Map<Path, Registered> registered = new HashMap<>();
  private boolean warned;

  WatchedFolders(WatchService events) {
    this.events = events;
  }

  /** Registers those that are there and are not registered yet, and drops all others. */
  void register(Set<Path> folders) {
    List<Path> wanted = folders.stream().sorted().limit(MOST).toList();
    List<Path> dropped = new ArrayList<>(registered.keySet());
    dropped.removeAll(wanted);
    dropped.forEach(this::forget);
    for (Path path : wanted) {
      try {
        register(path);
      } catch (NoSuchFileException e) {
        forget(path);
      } catch (IOException e) {
        forget(path);
        warnOnce(path, e);
      }
    }
  }

  private void register(Path path) throws IOException {
    Object folder = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    Registered old = registered.get(path);
    if (old == null || !old.key().isValid() || !Objects.equals(old.folder(), folder)) {
      forget(path);
      WatchKey key = path.register(events, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY);
      registered.put(path, new Registered(key, folder));
    }
  }

  private void forget(Path path) {
    Registered old = registered.remove(path);
    if (old != null) {
      old.key().cancel();
    }
  }

  /** What the key tells of; it is ready for more then. */
  static Changes changes(WatchKey key) {
    boolean all = false;
    Set<Path> files = new HashSet<>();
    for (WatchEvent<?> event : key.pollEvents()) {
      if (!(key.watchable() instanceof Path folder) || !(event.context() instanceof Path name)) {
        all = true; // more happened than it could take note of
      } else if (!name.toString().endsWith(AtomicFile.PART)) {
        Path file = folder.resolve(name);
        all |= leadsToOthers(file);
        files.add(file);
      }
    }
    return new Changes(!key.reset() || all, files);
  }

  /** A folder or a link: what is reached through it may be anything now. */
  private static boolean leadsToOthers(Path file) {
    try {
      return !Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS).isRegularFile();
    } catch (IOException e) { // it is gone, or soon looked at
      return false;
    }
  }

  private void warnOnce(Path path, IOException why) {
    if (!warned) {
      warned = true;
      LOG.log(
          Level.WARNING,
          "cannot watch folder=" + path + "; its files are looked at regularly instead",
          why);
    }
  }
}
