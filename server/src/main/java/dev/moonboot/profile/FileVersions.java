package dev.moonboot.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Files as last read. Only a file that changed is read again, and of one that has become unusable
 * the last good version stays.
 *
 * @param <K> what a file is known by
 * @param <T> what a file holds
 */
final class FileVersions<K, T> {
  /** What the files are. */
  interface Source<K, T> {
    /**
     * Where it is.
     *
     * @throws InvalidPathException when it can be no file
     */
    Path file(K key);

    /** Why a file of that size is not even read; null when it is. */
    @Nullable String refusal(K key, long size, @Nullable T last);

    /**
     * What it holds: {@code last} where that is the same. Called by several threads at once.
     *
     * @throws UnusableFileException when it cannot be used
     */
    T parse(K key, byte[] content, @Nullable T last);
  }

  /** A file as last read: of {@code value} and {@code problem} at least one is there. */
  private record Version<T>(
      FileStamp stamp, boolean settled, @Nullable T value, @Nullable String problem) {
    boolean isStill(FileStamp now) {
      return settled && stamp.equals(now);
    }
  }

  /** From so many files on that were not known before, they are read by several threads. */
  private static final int MANY = 2_000;

  private static final int THREADS = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);

  private final Source<K, T> source;
  private final Map<K, Version<T>> versions = new HashMap<>();
  private final Map<K, String> problems = new HashMap<>();
  private final LongAdder looks = new LongAdder();

  FileVersions(Source<K, T> source) {
    this.source = source;
  }

  /** Which there are. */
  Set<K> keys() {
    return versions.keySet();
  }

  /** How often a file was looked at so far. */
  long looks() {
    return looks.sum();
  }

  /** Looks at these files again, and adds what has become another one to {@code changes}. */
  void look(Collection<K> keys, List<Catalog.Change<T>> changes) {
    if (keys.size() - versions.size() < MANY) {
      for (K key : keys) {
        update(key, looked(key), changes);
      }
    } else {
      lookTogether(List.copyOf(keys), changes);
    }
  }

  private void lookTogether(List<K> keys, List<Catalog.Change<T>> changes) {
    int share = (keys.size() + THREADS - 1) / THREADS;
    try (ExecutorService threads =
        Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().name("catalog-load-", 0).factory())) {
      List<Future<List<@Nullable Version<T>>>> parts = new ArrayList<>();
      for (int from = 0; from < keys.size(); from += share) {
        List<K> part = keys.subList(from, Math.min(keys.size(), from + share));
        parts.add(threads.submit(() -> lookedAll(part)));
      }
      int next = 0;
      for (var part : parts) {
        for (Version<T> version : part.get()) {
          update(keys.get(next++), version, changes);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading the catalog", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the catalog cannot be read", e.getCause());
    }
  }

  private List<@Nullable Version<T>> lookedAll(List<K> keys) {
    List<@Nullable Version<T>> found = new ArrayList<>(keys.size());
    keys.forEach(key -> found.add(looked(key)));
    return found;
  }

  /** Drops what was read of that file. */
  void forget(K key, List<Catalog.Change<T>> changes) {
    update(key, null, changes);
  }

  private void update(K key, @Nullable Version<T> now, List<Catalog.Change<T>> changes) {
    Version<T> old = now == null ? versions.remove(key) : versions.put(key, now);
    if (Objects.equals(old, now)) {
      return;
    }
    T before = old == null ? null : old.value();
    T after = now == null ? null : now.value();
    if (!Objects.equals(before, after)) {
      changes.add(new Catalog.Change<>(before, after));
    }
    if (now != null && now.problem() != null) {
      problems.put(key, now.problem());
    } else {
      problems.remove(key);
    }
  }

  /** The file as it is now; null when there is none. */
  private @Nullable Version<T> looked(K key) {
    Version<T> old = versions.get(key);
    T last = old == null ? null : old.value();
    looks.increment();
    try {
      Path file = source.file(key);
      FileStamp stamp = FileStamp.of(file);
      if (old != null && old.isStill(stamp)) {
        return old;
      }
      return stamp.isFile() ? read(key, file, stamp, last) : null;
    } catch (NoSuchFileException | InvalidPathException e) {
      return null;
    } catch (IOException e) {
      return new Version<>(FileStamp.NONE, false, last, "cannot be read: " + e);
    }
  }

  private Version<T> read(K key, Path file, FileStamp stamp, @Nullable T last) throws IOException {
    String refusal = source.refusal(key, stamp.size(), last);
    if (refusal != null) { // which may no longer hold when another file has changed
      return new Version<>(stamp, false, last, refusal);
    }
    boolean settled = stamp.isSettled(Instant.now());
    try {
      T value = source.parse(key, Files.readAllBytes(file), last);
      return new Version<>(stamp, settled, value.equals(last) ? last : value, null);
    } catch (UnusableFileException e) {
      return new Version<>(stamp, settled, last, e.getMessage());
    }
  }

  /** Each file that cannot be used: what is wrong, and whether an older version is in force. */
  void eachProblem(BiConsumer<K, Problem> action) {
    problems.forEach((key, why) -> {
      Version<T> version = versions.get(key);
      action.accept(key, new Problem(why, version != null && version.value() != null));
    });
  }

  /** Why a file cannot be used. */
  record Problem(String why, boolean lastGoodInForce) {}
}
