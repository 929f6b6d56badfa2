package dev.moonboot.factory;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.schematic.Schematic;
import dev.moonboot.assets.schematic.SchematicException;
import dev.moonboot.files.AtomicFile;
import dev.moonboot.files.Disk;
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
 * The schematics that were posted, one file each. So many are kept, and so much text; whoever posts
 * more makes those go first of which nothing was ever asked for, then those asked for longest ago.
 * Plain Talos is always known.
 *
 * <p>What is kept in memory are the texts: anybody may post, and a schematic takes up to thirty
 * times the memory of its text. One is read at a time, which takes even more.
 */
final class SchematicShelf {
  /** Of all texts together, in characters: far more than a thousand that people write have. */
  static final int MOST_TEXT = 8 << 20;

  private static final Logger LOG = System.getLogger(SchematicShelf.class.getName());
  private static final String SUFFIX = ".yaml";

  private final Path folder;
  private final int most;

  /** Canonical texts by id: those of which nothing was asked for yet, and the others. */
  private final Map<String, String> posted = new LinkedHashMap<>();

  private final Map<String, String> used = new LinkedHashMap<>();
  private long characters;

  private SchematicShelf(Path folder, int most) {
    this.folder = folder;
    this.most = most;
  }

  /**
   * What is in the folder, which is made when it is missing.
   *
   * @param asked ids of which something was asked for, the last at the end
   * @throws UncheckedIOException when it cannot be read
   */
  static SchematicShelf open(Path folder, int most, List<String> asked) {
    SchematicShelf shelf = new SchematicShelf(folder, most);
    try {
      Files.createDirectories(folder);
      shelf.load();
      asked.forEach(shelf::use);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return shelf;
  }

  private synchronized void load() throws IOException {
    record Found(Path file, FileTime time) {}
    List<Found> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path file : all) {
        if (file.toString().endsWith(AtomicFile.PART)) {
          Disk.tryDelete(file); // of a process that died
        } else if (file.toString().endsWith(SUFFIX)) {
          files.add(new Found(file, Files.getLastModifiedTime(file)));
        }
      }
    }
    files.sort(Comparator.comparing(Found::time));
    for (Found found : files) {
      load(found.file());
    }
  }

  private void load(Path file) {
    String name = String.valueOf(file.getFileName());
    try {
      String text = Files.readString(file);
      String id = Schematic.parse(text).id();
      if (name.equals(id + SUFFIX)) {
        put(used, id, text); // nothing here says which were asked for
        return;
      }
    } catch (SchematicException | IOException e) {
      LOG.log(Level.DEBUG, "factory schematic file=" + name, e);
    }
    LOG.log(Level.WARNING, "factory schematic file={0} left_out=\"not what was written\"", name);
  }

  private void put(Map<String, String> among, String id, String text) {
    among.put(id, text);
    characters += text.length();
  }

  /**
   * The schematic that a text is.
   *
   * @throws SchematicException as {@link Schematic#parse}; also when what is to be kept of it could
   *     not be read again
   */
  synchronized Schematic read(String text) {
    Schematic schematic = Schematic.parse(text);
    Schematic.parse(schematic.canonical()); // which may be longer
    return schematic;
  }

  /**
   * Keeps a schematic, for good once this returns.
   *
   * @throws FactoryException when it cannot be written down
   */
  synchronized void add(Schematic schematic) {
    String text = schematic.canonical();
    String id = schematic.id();
    if (isKnown(id)) {
      return;
    }
    try {
      AtomicFile.replace(file(id), text.getBytes(UTF_8));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "factory schematic=" + id + " cannot be written down: " + e);
      throw FactoryException.later(
          "the schematic cannot be kept, for this appliance cannot write it down; its log says why");
    }
    put(posted, id, text);
    while (size() > most || characters > MOST_TEXT) {
      drop(posted.size() > 1 || used.isEmpty() ? posted : used);
    }
  }

  private boolean isKnown(String id) {
    return id.equals(Schematic.EMPTY.id()) || posted.containsKey(id) || used.containsKey(id);
  }

  private void drop(Map<String, String> from) {
    var oldest = from.entrySet().iterator().next();
    String id = oldest.getKey();
    characters -= oldest.getValue().length();
    from.remove(id);
    LOG.log(Level.INFO, "factory schematic={0} dropped=\"more than are kept\"", id);
    try {
      Files.deleteIfExists(file(id));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "factory schematic=" + id + " cannot be deleted: " + e);
    }
  }

  private Path file(String id) {
    return folder.resolve(id + SUFFIX);
  }

  /** The schematic of that id. */
  Optional<Schematic> find(String id) {
    return id.equals(Schematic.EMPTY.id()) ? Optional.of(Schematic.EMPTY) : kept(id);
  }

  private synchronized Optional<Schematic> kept(String id) {
    String text = used.getOrDefault(id, posted.get(id));
    return Optional.ofNullable(text).map(Schematic::parse);
  }

  /** Something of it was asked for. */
  synchronized void use(String id) {
    String waiting = posted.remove(id);
    String known = waiting == null ? used.remove(id) : waiting;
    if (known != null) {
      used.put(id, known);
    }
  }

  synchronized int size() {
    return posted.size() + used.size();
  }
}
