package dev.moonboot.assets.store;

import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Makes the bytes of files last that are to become blobs. */
final class Syncing {
  /** So many at a time: a file system writes its journal once for all who wait for it. */
  private static final int ABREAST = 8;

  private Syncing() {}

  /**
   * Gives the files a blob's mode and mark, and syncs them.
   *
   * @throws IOException when one of them is not known to last
   */
  static void all(Collection<Path> files) throws IOException {
    if (files.size() <= ABREAST) {
      for (Path file : files) {
        sync(file);
      }
    } else {
      abreast(files.stream().map(Syncing::task).toList());
    }
  }

  private static Callable<Path> task(Path file) {
    return () -> {
      sync(file);
      return file;
    };
  }

  private static void abreast(List<Callable<Path>> tasks) throws IOException {
    try (ExecutorService threads =
        Executors.newFixedThreadPool(ABREAST, Thread.ofPlatform().name("sync-", 0).factory())) {
      for (Future<Path> done : threads.invokeAll(tasks)) {
        done.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException fault ? fault : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted while syncing").initCause(e);
    }
  }

  private static void sync(Path file) throws IOException {
    // To be read alone: what is taken over from another release is a blob already, and read-only.
    try (FileChannel channel = FileChannel.open(file, READ)) {
      Files.setPosixFilePermissions(file, StoreLayout.BLOB_MODE);
      Files.setLastModifiedTime(file, StoreLayout.BLOB_MARK);
      channel.force(true);
    }
  }
}
