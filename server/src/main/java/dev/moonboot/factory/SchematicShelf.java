package dev.moonboot.factory;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.schematic.Schematic;
import dev.moonboot.assets.schematic.SchematicException;
import dev.moonboot.files.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The schematics that were posted, one file each. So many are kept; whoever posts more makes those
 * go first of which nothing was ever asked for, then those asked for longest ago. Plain Talos is
 * always known.
 */
final class SchematicShelf {
  private static final Logger LOG = System.getLogger(SchematicShelf.class.getName());
  private static final String SUFFIX = ".yaml";

  private final Path folder;
  private final int most;

  /** Those of which nothing was asked for yet, and the others; both oldest first. */
  private final Map<String, Schematic> posted = new LinkedHashMap<>();

  private final Map<String, Schematic> used = new LinkedHashMap<>();

  private SchematicShelf(Path folder, int most) {
    this.folder = folder;
    this.most = most;
  }

  /**
   * What is in the folder, which is made when it is missing.
   *
   * @throws UncheckedIOException when it cannot be read
   */
  static SchematicShelf open(Path folder, int most) {
    SchematicShelf shelf = new SchematicShelf(folder, most);
    try {
      Files.createDirectories(folder);
      shelf.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return shelf;
  }

  private synchronized void read() throws IOException {
    record Found(Path file, FileTime time) {}
    List<Found> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path file : all) {
        files.add(new Found(file, Files.getLastModifiedTime(file)));
      }
    }
    files.sort(Comparator.comparing(Found::time));
    for (Found found : files) {
      String name = String.valueOf(found.file().getFileName());
      try {
        Schematic schematic = Schematic.parse(Files.readString(found.file()));
        if (name.equals(schematic.id() + SUFFIX)) {
          used.put(schematic.id(), schematic); // nothing says which were asked for
          continue;
        }
      } catch (SchematicException | IOException e) {
        LOG.log(Level.DEBUG, "factory schematic file=" + name, e);
      }
      LOG.log(Level.WARNING, "factory schematic file={0} left_out=\"not what was written\"", name);
    }
  }

  /**
   * Keeps a schematic, for good once this returns.
   *
   * @throws UncheckedIOException when it cannot be written
   */
  synchronized void add(Schematic schematic) {
    String id = schematic.id();
    if (isKnown(id)) {
      return;
    }
    try {
      AtomicFile.replace(file(id), schematic.canonical().getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    posted.put(id, schematic);
    while (posted.size() + used.size() > most) {
      drop(posted.size() > 1 || used.isEmpty() ? posted : used);
    }
  }

  private boolean isKnown(String id) {
    return id.equals(Schematic.EMPTY.id()) || posted.containsKey(id) || used.containsKey(id);
  }

  private void drop(Map<String, Schematic> from) {
    String oldest = from.keySet().iterator().next();
    from.remove(oldest);
    LOG.log(Level.INFO, "factory schematic={0} dropped=\"more than {1}\"", oldest, most);
    try {
      Files.deleteIfExists(file(oldest));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "factory schematic=" + oldest + " cannot be deleted: " + e);
    }
  }

  private Path file(String id) {
    return folder.resolve(id + SUFFIX);
  }

  /** The schematic of that id. */
  synchronized Optional<Schematic> find(String id) {
    Schematic found = used.containsKey(id) ? used.get(id) : posted.get(id);
    return id.equals(Schematic.EMPTY.id())
        ? Optional.of(Schematic.EMPTY)
        : Optional.ofNullable(found);
  }

  /** Something of it was asked for. */
  synchronized void use(String id) {
    Schematic waiting = posted.remove(id);
    Schematic known = waiting == null ? used.remove(id) : waiting;
    if (known != null) {
      used.put(id, known);
    }
  }

  synchronized int size() {
    return posted.size() + used.size();
  }
}
