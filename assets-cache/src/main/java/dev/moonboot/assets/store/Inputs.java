package dev.moonboot.assets.store;

import dev.moonboot.assets.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Layers of images that releases are composed of, whole or in part, so that one base is pulled once
 * for all that is put upon it, now and when only an extension moved. Whoever uses one checks its
 * digest anew; all may go at any time but what is in use.
 */
public final class Inputs {
  /** What is kept of them: two imager images of Talos for both architectures, and extensions. */
  public static final long MOST_BYTES = 2L << 30;

  private static final Logger LOG = System.getLogger(Inputs.class.getName());

  private final Path folder;
  private final Map<Digest, Integer> used = new HashMap<>(); // guards itself

  Inputs(Path folder) {
    this.folder = folder;
  }

  /** Where the layers lie, each named by the hexadecimal digits of its digest. */
  public Path folder() {
    return folder;
  }

  /** Keeps layers, there already or to come, until it is closed. */
  public interface Use extends AutoCloseable {
    @Override
    void close();
  }

  /** They are used from now on. */
  public Use use(Collection<Digest> layers) {
    List<Digest> mine = List.copyOf(layers);
    synchronized (used) {
      mine.forEach(layer -> used.merge(layer, 1, Integer::sum));
    }
    return () -> {
      touch(mine);
      synchronized (used) {
        mine.forEach(
            layer -> used.computeIfPresent(layer, (_, count) -> count == 1 ? null : count - 1));
      }
    };
  }

  /** Those used longest ago go first. */
  private void touch(List<Digest> layers) {
    FileTime now = FileTime.from(Instant.now());
    for (Digest layer : layers) {
      try {
        Files.setLastModifiedTime(folder.resolve(layer.hex()), now);
      } catch (NoSuchFileException e) {
        // it was not needed
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "cache input=" + layer + " untouched why=\"" + e + "\"");
      }
    }
  }

  private record Kept(Path file, long size, FileTime last) {
    static Kept of(Path file) throws IOException {
      return new Kept(file, Files.size(file), Files.getLastModifiedTime(file));
    }
  }

  private static void add(Path file, List<Kept> kept) throws IOException {
    try {
      kept.add(Kept.of(file));
    } catch (NoSuchFileException e) {
      // it came wrong, and who fetched it has just deleted it
    }
  }

  /** Deletes what is not in use, used longest ago first, until at most so many bytes are left. */
  public void trim(long bytes) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    synchronized (used) {
      List<Kept> kept = new ArrayList<>();
      try (var files = Files.newDirectoryStream(folder)) {
        for (Path file : files) {
          add(file, kept);
        }
      } catch (UncheckedIOException e) {
        throw Optional.ofNullable(e.getCause()).orElseGet(() -> new IOException(e));
      }
      kept.sort(Comparator.comparing(Kept::last).thenComparing(Kept::file));
      long left = kept.stream().mapToLong(Kept::size).sum();
      for (Kept one : kept) {
        boolean isUsed = StoreLayout.digestOf(one.file()).filter(used::containsKey).isPresent();
        if (left > bytes && !isUsed) {
          Files.deleteIfExists(one.file());
          left -= one.size();
        }
      }
    }
  }
}
