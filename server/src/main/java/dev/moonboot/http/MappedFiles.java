package dev.moonboot.http;

import static java.nio.channels.FileChannel.MapMode.READ_ONLY;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Boot files in memory: one mapping a file, shared by all clients, and dropped when nobody has
 * asked for a while. Only for files whose bytes never change; one that is deleted meanwhile stays
 * readable.
 */
final class MappedFiles implements AutoCloseable {
  private static final int MOST = 64;

  private final long idleNanos;
  private final Map<Path, Mapping> mappings = new HashMap<>();
  private boolean closed;

  MappedFiles(Duration idle) {
    this.idleNanos = idle.toNanos();
  }

  /**
   * The file's bytes, until the lease is closed; empty when so many files are being read already
   * that no more are mapped.
   *
   * @throws IOException when the file is missing, is a symbolic link or has another size
   */
  synchronized Optional<Lease> lease(Path file, long size) throws IOException {
    Mapping mapping = mappings.get(file);
    if (mapping == null) {
      if (closed || (mappings.size() >= MOST && !dropIdle(0))) {
        return Optional.empty();
      }
      mapping = map(file, size);
      mappings.put(file, mapping);
    }
    mapping.readers++;
    return Optional.of(new Lease(mapping));
  }

  private static Mapping map(Path file, long size) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file, READ, NOFOLLOW_LINKS)) {
      if (channel.size() != size) {
        throw new IOException(file + " has " + channel.size() + " bytes, its release says " + size);
      }
      return new Mapping(arena, channel.map(READ_ONLY, 0, size, arena));
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /** Drops what nobody has read for a while. */
  synchronized void sweep() {
    dropIdle(idleNanos);
  }

  /**
   * Forgets these files: who reads one now gets no further, and who asks for one later gets what
   * lies under its name then.
   */
  synchronized void evict(Set<Path> files) {
    for (Path file : files) {
      Mapping mapping = mappings.remove(file);
      if (mapping != null) {
        mapping.revoked = true;
        mapping.dropIfUnread();
      }
    }
  }

  /** How many files are mapped now. */
  synchronized int mapped() {
    return mappings.size();
  }

  private boolean dropIdle(long atLeast) {
    long now = System.nanoTime();
    return mappings
        .values()
        .removeIf(mapping -> {
          boolean idle = mapping.readers == 0 && now - mapping.idleSince >= atLeast;
          if (idle) {
            mapping.arena.close();
          }
          return idle;
        });
  }

  private synchronized void giveBack(Mapping mapping) {
    mapping.readers--;
    mapping.idleSince = System.nanoTime();
    if (mapping.revoked) {
      mapping.dropIfUnread();
    }
    if (closed) {
      dropIdle(0);
    }
  }

  /** Drops all; what is still being read goes with its last lease. */
  @Override
  public synchronized void close() {
    closed = true;
    dropIdle(0);
  }

  private static final class Mapping {
    private final Arena arena;
    private final MemorySegment bytes;
    private int readers;
    private long idleSince;
    private volatile boolean revoked;

    private Mapping(Arena arena, MemorySegment bytes) {
      this.arena = arena;
      this.bytes = bytes;
    }

    private void dropIfUnread() {
      if (readers == 0) {
        arena.close();
      }
    }
  }

  /** The right to read one mapping. */
  final class Lease implements AutoCloseable {
    private final Mapping mapping;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private Lease(Mapping mapping) {
      this.mapping = mapping;
    }

    MemorySegment bytes() {
      return mapping.bytes;
    }

    /**
     * To be asked before every piece that is read.
     *
     * @throws IOException when the file was evicted: it does not hold what it should
     */
    void check() throws IOException {
      if (mapping.revoked) {
        throw new IOException("the file was found damaged while it was sent");
      }
    }

    @Override
    public void close() {
      if (open.compareAndSet(true, false)) {
        giveBack(mapping);
      }
    }
  }
}
