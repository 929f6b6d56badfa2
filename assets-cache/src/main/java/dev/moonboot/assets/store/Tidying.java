package dev.moonboot.assets.store;

import dev.moonboot.assets.Digest;
import dev.moonboot.files.AtomicFile;
import dev.moonboot.files.Disk;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Removes what crashes left behind, in the background. Files it does not know stay. */
final class Tidying implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Tidying.class.getName());

  /** Interrupted pulls that may still be resumed; more than that are of tags long moved on. */
  private static final int RESUMABLE = 4;

  private final StoreContents contents;
  private final StoreLayout layout;
  private final ReentrantLock atWork = new ReentrantLock();
  private long serial; // guarded by atWork
  private @Nullable Thread thread;

  Tidying(StoreContents contents, StoreLayout layout) {
    this.contents = contents;
    this.layout = layout;
  }

  void start() {
    thread =
        Thread.ofVirtual()
            .name("cache-tidying")
            .start(() -> {
              try {
                parts(layout.releases());
                for (Path kept : List.of(layout.channels(), layout.recipes())) {
                  if (Files.isDirectory(kept)) {
                    parts(kept);
                  }
                }
                leftovers();
              } catch (IOException | RuntimeException e) {
                LOG.log(Level.WARNING, "cache tidying=incomplete why=\"" + e + "\"");
              }
            });
  }

  private static void parts(Path directory) throws IOException {
    // Written by the process before this one: ours are renamed within the store's monitor.
    for (Path file : list(directory)) {
      String name = file.getFileName().toString();
      if (name.endsWith(AtomicFile.PART) && !AtomicFile.isOurs(name)) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Keeps the newest few ingests, which may be resumed, and the newest few blobs put aside. */
  void leftovers() throws IOException {
    if (!atWork.tryLock()) {
      return; // the background does it just now
    }
    try {
      ingests(RESUMABLE);
      Quarantine.keepNewest(layout, Quarantine.MOST);
    } finally {
      atWork.unlock();
    }
  }

  /** For room: keeps neither, but for work under way. Waits where the background is at it. */
  void allLeftovers() throws IOException {
    atWork.lock();
    try {
      ingests(0);
      Quarantine.keepNewest(layout, 0);
    } finally {
      atWork.unlock();
    }
  }

  private void ingests(int resumed) throws IOException {
    List<Path> resumable = new ArrayList<>();
    for (Path entry : list(layout.ingests())) {
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
      Optional<Digest> image = StoreLayout.digestOf(entry);
      if (image.isEmpty()) {
        Disk.tryDelete(entry);
      } else if (contents.release(image.get()).isPresent()) {
        discard(entry, entry); // finished, but for this
      } else {
        resumable.add(entry);
      }
    }
    resumable.sort(Comparator.comparing(Tidying::lastModified).reversed());
    for (int i = 0; i < resumable.size(); i++) {
      Path entry = resumable.get(i);
      discard(entry, i < resumed ? entry.resolve("work") : entry);
    }
  }

  private void discard(Path ingest, Path tree) {
    if (Thread.currentThread().isInterrupted() || !Files.exists(tree)) {
      return;
    }
    // Out of the way in one step, lest work that begins meanwhile finds half of it.
    Path trash = layout.ingests().resolve("trash-" + ++serial);
    contents
        .claims()
        .whileUnclaimed(
            StoreLayout.digestOf(ingest).orElseThrow(),
            () -> {
              try {
                Files.move(tree, trash);
              } catch (NoSuchFileException e) {
                // its owner has just ended and removed it
              } catch (IOException e) {
                LOG.log(Level.WARNING, "cache ingest=" + ingest + " left why=\"" + e + "\"");
              }
            });
    Disk.tryDelete(trash);
  }

  private static List<Path> list(Path directory) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (var stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    }
    return entries;
  }

  private static FileTime lastModified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  @Override
  public void close() {
    BackgroundThread.end(thread);
  }
}
