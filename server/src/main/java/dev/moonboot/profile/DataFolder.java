package dev.moonboot.profile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The {@code .json} files of one folder of the data directory, as last read.
 *
 * @param <T> what a file holds
 */
final class DataFolder<T> {
  static final String EXTENSION = ".json";
  private static final long MAX_SIZE = 4 << 20;

  private final Path folder;
  private final String label;
  private final FileVersions<String, T> files;
  private @Nullable String problem;

  /**
   * @param label what it is called in messages: {@code groups}
   * @param parser makes a value of a file's name and text, or throws {@link UnusableFileException}
   */
  DataFolder(Path folder, String label, BiFunction<String, String, T> parser) {
    this.folder = folder;
    this.label = label;
    this.files = new FileVersions<>(new Source(parser));
  }

  private final class Source implements FileVersions.Source<String, T> {
    private final BiFunction<String, String, T> parser;

    Source(BiFunction<String, String, T> parser) {
      this.parser = parser;
    }

    @Override
    public Path file(String name) {
      return folder.resolve(name + EXTENSION);
    }

    @Override
    public @Nullable String refusal(String name, long size, @Nullable T last) {
      return size > MAX_SIZE ? "larger than " + MAX_SIZE + " bytes" : null;
    }

    @Override
    public T parse(String name, byte[] content, @Nullable T last) {
      // Bytes that are no UTF-8 become U+FFFD, as in Go.
      return parser.apply(name, new String(content, UTF_8));
    }
  }

  /** How many files there are. */
  int size() {
    return files.keys().size();
  }

  /** How often a file was looked at so far. */
  long looks() {
    return files.looks();
  }

  /** Whether a look at some files is enough: not while the folder itself is a problem. */
  boolean isReadable() {
    return problem == null;
  }

  boolean has(String name) {
    return files.keys().contains(name);
  }

  /**
   * Looks at the folder again.
   *
   * @param others files that are wanted besides those of the folder, by their path from it
   * @param most how many files there may be in it; when there are more, no new one is read
   * @param limit what to say of that
   */
  List<Catalog.Change<T>> read(Set<String> others, int most, String limit) {
    Set<String> names = new HashSet<>(others);
    problem = null;
    try {
      Set<String> listed = list();
      if (listed.size() > most) {
        problem = "has " + listed.size() + " files; " + limit;
        names.addAll(files.keys()); // what was in force stays
      } else {
        names.addAll(listed);
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      problem = "no such folder";
    } catch (IOException | DirectoryIteratorException e) {
      problem = "cannot be listed: " + e;
      names.addAll(files.keys()); // what it held is not known to be gone
    }
    List<Catalog.Change<T>> changes = new ArrayList<>();
    List<String> gone = files.keys().stream().filter(name -> !names.contains(name)).toList();
    gone.forEach(name -> files.forget(name, changes));
    files.look(names, changes);
    return changes;
  }

  private Set<String> list() throws IOException {
    Set<String> names = new HashSet<>();
    try (var entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String file = entry.getFileName().toString();
        if (file.endsWith(EXTENSION)) {
          names.add(file.substring(0, file.length() - EXTENSION.length()));
        }
      }
    }
    return names;
  }

  /** Looks at these files again, and at no others. */
  List<Catalog.Change<T>> look(Collection<String> names) {
    List<Catalog.Change<T>> changes = new ArrayList<>();
    files.look(names, changes);
    return changes;
  }

  /** Drops what was read of files that nobody wants any more. */
  List<Catalog.Change<T>> forget(Collection<String> names) {
    List<Catalog.Change<T>> changes = new ArrayList<>();
    names.forEach(name -> files.forget(name, changes));
    return changes;
  }

  /** Adds what cannot be used. */
  void problems(Collection<FileProblem> all) {
    if (problem != null) {
      all.add(new FileProblem(label, problem, size() > 0));
    }
    files.eachProblem((name, why) -> {
      String file = Path.of(label, name + EXTENSION).normalize().toString();
      all.add(new FileProblem(file, why.why(), why.lastGoodInForce()));
    });
  }
}
