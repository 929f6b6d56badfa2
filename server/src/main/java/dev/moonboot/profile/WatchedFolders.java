package dev.moonboot.profile;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Folders that a watch service tells about, though they come, go and are exchanged for others. */
final class WatchedFolders {
  private static final System.Logger LOG = System.getLogger(WatchedFolders.class.getName());

  /** Which folder was there when it was registered: its path may lead to another one since. */
  private record Registered(WatchKey key, @Nullable Object folder) {}

  private final WatchService events;
  private final List<Path> paths;
  private final Map<Path, Registered> registered = new HashMap<>();
  private boolean warned;

  WatchedFolders(WatchService events, Path... paths) {
    this.events = events;
    this.paths = List.of(paths);
  }

  /** Registers those that are there and are not registered yet. */
  void register() {
    for (Path path : paths) {
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
