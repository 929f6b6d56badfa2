package dev.moonboot.profile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One folder of the data directory, as last read. Only files that changed are read again, and of a
 * file that has become unusable the last good version stays.
 *
 * @param <T> what a file holds
 */
final class DataFolder<T> {
  static final String EXTENSION = ".json";
  private static final long MAX_SIZE = 4 << 20;

  /** More files than this are none of a person's making, and none is read. */
  static final int MAX_FILES = 50_000;

  /** A file as last read: of {@code value} and {@code problem} at least one is there. */
  private record Version<T>(
      FileStamp stamp, boolean settled, @Nullable T value, @Nullable String problem) {
    boolean isStill(FileStamp now) {
      return settled && stamp.equals(now);
    }

    boolean meansTheSameAs(@Nullable Version<T> other) {
      return other != null
          && Objects.equals(value, other.value)
          && Objects.equals(problem, other.problem);
    }
  }

  private final Path folder;
  private final String label;
  private final BiFunction<String, String, T> parser;
  private Map<String, Version<T>> versions = new TreeMap<>();
  private @Nullable String folderProblem;

  /**
   * @param label what it is called in messages: {@code groups}
   * @param parser makes a value of a file's name and text, or throws {@link UnusableFileException}
   */
  DataFolder(Path folder, String label, BiFunction<String, String, T> parser) {
    this.folder = folder;
    this.label = label;
    this.parser = parser;
  }

  /**
   * Looks at the folder again; true when its files mean something else than before.
   *
   * @param others files that are wanted besides those of the folder, by their path from it
   */
  boolean read(Set<String> others) {
    Set<String> names = new TreeSet<>(others);
    String problem = null;
    try {
      Set<String> listed = list();
      if (listed.size() > MAX_FILES) {
        problem = "has " + listed.size() + " files; at most " + MAX_FILES + " are read";
        names.addAll(versions.keySet()); // what was in force stays
      } else {
        names.addAll(listed);
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      problem = "no such folder";
    } catch (IOException | DirectoryIteratorException e) {
      problem = "cannot be listed: " + e;
      names.addAll(versions.keySet()); // what it held is not known to be gone
    }
    Map<String, Version<T>> next = new TreeMap<>();
    for (String name : names) {
      version(name).ifPresent(version -> next.put(name, version));
    }
    boolean changed = !Objects.equals(problem, folderProblem) || !meanTheSame(versions, next);
    folderProblem = problem;
    versions = next;
    return changed;
  }

  private static <T> boolean meanTheSame(Map<String, Version<T>> a, Map<String, Version<T>> b) {
    return a.keySet().equals(b.keySet())
        && a.entrySet().stream()
            .allMatch(entry -> entry.getValue().meansTheSameAs(b.get(entry.getKey())));
  }

  private Set<String> list() throws IOException {
    Set<String> names = new TreeSet<>();
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

  /** Empty when there is no such file. */
  private Optional<Version<T>> version(String name) {
    Version<T> old = versions.get(name);
    try {
      Path file = folder.resolve(name + EXTENSION);
      FileStamp stamp = FileStamp.of(file);
      if (old != null && old.isStill(stamp)) {
        return Optional.of(old);
      }
      return stamp.isFile() ? Optional.of(read(name, file, stamp, old)) : Optional.empty();
    } catch (NoSuchFileException | InvalidPathException e) {
      return Optional.empty();
    } catch (IOException e) {
      String problem = "cannot be read: " + e;
      return Optional.of(
          new Version<>(FileStamp.NONE, false, old == null ? null : old.value(), problem));
    }
  }

  private Version<T> read(String name, Path file, FileStamp stamp, @Nullable Version<T> old)
      throws IOException {
    boolean settled = stamp.isSettled(Instant.now());
    try {
      if (stamp.size() > MAX_SIZE) {
        throw new UnusableFileException("larger than " + MAX_SIZE + " bytes");
      }
      // Bytes that are no UTF-8 become U+FFFD, as in Go.
      T value = parser.apply(name, new String(Files.readAllBytes(file), UTF_8));
      return new Version<>(stamp, settled, value, null);
    } catch (UnusableFileException e) {
      return new Version<>(stamp, settled, old == null ? null : old.value(), e.getMessage());
    }
  }

  /** What the usable files hold, with the last good version of those that no longer are. */
  List<T> values() {
    List<T> values = new ArrayList<>();
    for (Version<T> version : versions.values()) {
      if (version.value() != null) {
        values.add(version.value());
      }
    }
    return values;
  }

  /** What cannot be used. */
  List<FileProblem> problems() {
    List<FileProblem> problems = new ArrayList<>();
    if (folderProblem != null) {
      problems.add(new FileProblem(label, folderProblem, !versions.isEmpty()));
    }
    versions.forEach((name, version) -> {
      if (version.problem() != null) {
        String file = Path.of(label, name + EXTENSION).normalize().toString();
        problems.add(new FileProblem(file, version.problem(), version.value() != null));
      }
    });
    return problems;
  }
}
