package dev.moonboot.migrate;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Looks through a folder whose owner may have put anything into it: links in circles or to
 * elsewhere, pipes, folders without end. Opens nothing, changes nothing.
 */
final class SourceTree {
  /** More is no data directory and no folder of boot files. */
  private static final int MOST_FILES = 1_000_000;

  private static final int DEEPEST = 32;

  /** Whether something of a name is left out; says why where somebody has to know. */
  interface Leaving {
    boolean out(String path, String name);
  }

  private final Path inside;
  private final Consumer<Finding> findings;
  private final List<SourceFile> files = new ArrayList<>();
  private final List<String> unreadable = new ArrayList<>();
  private final List<String> listed = new ArrayList<>();
  private final Deque<Path> above = new ArrayDeque<>();
  private final Leaving leaving;

  /**
   * @param inside links that lead out of this folder are not followed; without links itself
   */
  SourceTree(Path inside, Leaving leaving, Consumer<Finding> findings) {
    this.inside = inside;
    this.leaving = leaving;
    this.findings = findings;
  }

  /** Files that can be taken, in order. */
  List<SourceFile> files() {
    return files;
  }

  /** What is there and cannot be read. */
  List<String> unreadable() {
    return unreadable;
  }

  /** Folders without an {@code index.html}. */
  List<String> listed() {
    return listed;
  }

  /**
   * Looks through {@code folder}.
   *
   * @param prefix what its files' names begin with
   */
  void walk(Path folder, String prefix) {
    Path real;
    List<Path> entries = new ArrayList<>();
    try {
      real = folder.toRealPath();
      try (var stream = Files.newDirectoryStream(real)) {
        stream.forEach(entries::add);
      }
    } catch (IOException | DirectoryIteratorException e) {
      unreadable.add(prefix);
      return;
    }
    if (above.contains(real) || above.size() == DEEPEST) {
      findings.accept(Finding.broken(prefix, "leads back to itself, or is too deep: not taken"));
      return;
    }
    above.push(real);
    if (Files.notExists(real.resolve("index.html"))) {
      listed.add(prefix);
    }
    entries.sort(null);
    entries.forEach(entry -> entry(entry, prefix));
    above.pop();
  }

  private void entry(Path entry, String prefix) {
    String name = String.valueOf(entry.getFileName());
    String path = prefix + name;
    if (leaving.out(path, name)) {
      return;
    }
    Path real;
    BasicFileAttributes attributes;
    try {
      real = entry.toRealPath();
      attributes = Files.readAttributes(real, BasicFileAttributes.class, NOFOLLOW_LINKS);
    } catch (IOException e) {
      findings.accept(Finding.broken(path, "a link that leads nowhere: not taken"));
      return;
    }
    if (!real.startsWith(inside)) {
      findings.accept(
          Finding.different(
              path,
              "a link that leads out to "
                  + real
                  + ", which matchbox follows and moonboot never"
                  + " does: not taken; put the file itself there"));
    } else if (attributes.isDirectory()) {
      walk(entry, path + "/");
    } else if (!attributes.isRegularFile()) {
      findings.accept(Finding.broken(path, "no regular file (a pipe, a device): not taken"));
    } else if (!Files.isReadable(real)) {
      unreadable.add(path);
    } else if (files.size() == MOST_FILES) {
      throw new MigrateException("more than " + MOST_FILES + " files: is this matchbox's data?");
    } else {
      files.add(new SourceFile(path, real, attributes.size()));
    }
  }
}
