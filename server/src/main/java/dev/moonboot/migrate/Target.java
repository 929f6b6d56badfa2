package dev.moonboot.migrate;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.moonboot.files.Disk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * A folder that files are taken over to: it appears whole, or not at all. What is in the way is
 * never changed.
 *
 * @param folder where they go
 * @param files which, by their path below
 * @param link true for hard links, which need no space and share what is changed later
 */
record Target(Path folder, List<SourceFile> files, boolean link) {
  private static final Set<PosixFilePermission> FOLDERS =
      PosixFilePermissions.fromString("rwxr-xr-x");
  private static final int STEP = 8 << 20;

  /** What there is at that place already. */
  enum State {
    FREE,
    SAME,
    TAKEN
  }

  /** Looks, and changes nothing. */
  State state() {
    if (Files.notExists(folder)) {
      return State.FREE;
    }
    try (Stream<Path> there = Files.walk(folder)) {
      List<String> names =
          there
              .filter(path -> !Files.isDirectory(path))
              .map(path -> folder.relativize(path).toString())
              .sorted()
              .toList();
      if (names.isEmpty()) {
        return State.FREE;
      }
      List<String> ours = files.stream().map(SourceFile::name).sorted().toList();
      return names.equals(ours) && sameContent() ? State.SAME : State.TAKEN;
    } catch (IOException e) {
      throw new MigrateException(folder + " cannot be read: " + e.getMessage(), e);
    }
  }

  private boolean sameContent() throws IOException {
    for (SourceFile file : files) {
      if (Files.mismatch(file.real(), folder.resolve(file.name())) >= 0) {
        return false;
      }
    }
    return true;
  }

  long bytes() {
    return link ? 0 : files.stream().mapToLong(SourceFile::size).sum();
  }

  /**
   * Makes it.
   *
   * @param copied is told how many bytes more there are
   */
  void make(LongConsumer copied) throws IOException {
    Path place = folder.toAbsolutePath();
    Path parent = place.resolveSibling("");
    Files.createDirectories(parent);
    Path owner = Files.exists(place) ? place : parent;
    Path made = Files.createTempDirectory(parent, "." + place.getFileName() + ".import-");
    try {
      Files.setPosixFilePermissions(made, FOLDERS);
      for (SourceFile file : files) {
        Path to = made.resolve(file.name());
        Files.createDirectories(
            to.resolveSibling(""), PosixFilePermissions.asFileAttribute(FOLDERS));
        if (link) {
          Files.createLink(to, file.real());
        } else {
          copy(file, to, copied);
        }
      }
      give(made, owner);
      removeEmpty(place);
      Files.move(made, place, ATOMIC_MOVE);
      Disk.syncDirectory(parent);
    } catch (IOException | RuntimeException e) {
      Disk.tryDelete(made);
      throw e;
    }
  }

  private static void copy(SourceFile file, Path to, LongConsumer copied) throws IOException {
    try (FileChannel in = FileChannel.open(file.real());
        FileChannel out = FileChannel.open(to, WRITE, CREATE_NEW)) {
      long at = 0;
      while (true) {
        long moved = in.transferTo(at, STEP, out);
        if (moved <= 0) {
          break;
        }
        at += moved;
        copied.accept(moved);
      }
      out.force(true);
    }
    Files.setLastModifiedTime(to, Files.getLastModifiedTime(file.real())); // nodes are told it
    Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(file.real()));
  }

  /** To who owns the place, so that a service which may write there may write these, too. */
  private void give(Path made, Path like) throws IOException {
    Object user = Files.getAttribute(like, "unix:uid");
    if (user.equals(Files.getAttribute(made, "unix:uid"))) {
      return;
    }
    try (Stream<Path> all = Files.walk(made)) {
      for (Path path : all.toList()) {
        if (!link || Files.isDirectory(path)) { // a link's owner is the source's, too
          Files.setAttribute(path, "unix:uid", user);
          Files.setAttribute(path, "unix:gid", Files.getAttribute(like, "unix:gid"));
        }
      }
    }
  }

  /** Folders with nothing in them, as the service makes at its start. */
  private static void removeEmpty(Path place) throws IOException {
    if (Files.notExists(place)) {
      return;
    }
    List<Path> folders = new ArrayList<>();
    try (Stream<Path> all = Files.walk(place)) {
      all.forEach(folders::add);
    }
    folders.sort(Comparator.reverseOrder());
    for (Path path : folders) {
      Files.delete(path); // fails where somebody has put something into it since
    }
  }
}
