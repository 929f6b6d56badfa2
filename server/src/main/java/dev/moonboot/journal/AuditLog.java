package dev.moonboot.journal;

import dev.moonboot.journal.AuditFiles.Chain;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The audit log: one JSON object a line, each with the digest of the line before it, in files that
 * are appended to, synced before {@link #record} returns, and kept within 16 files of 16 MiB. Every
 * line is copied to the log.
 *
 * <p>While the disk takes nothing the lines go to the log alone; that is remembered, and written
 * down as {@code audit.gap} with their count as soon as the disk takes it. Callers at the same time
 * share one write and one sync.
 */
public final class AuditLog implements Audit, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(AuditLog.class.getName());

  /** How many lines one write holds at most. */
  private static final int MOST_TOGETHER = 128;

  /** A disk that failed is tried again after this long, not for every line. */
  private static final long PAUSE = Duration.ofSeconds(1).toNanos();

  private final AuditFiles files;
  private final AuditReader reader;
  private final Settings settings;
  private final AuditLimits limits;
  private final Queue<Entry> waiting = new ConcurrentLinkedQueue<>();
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable AuditWriter writer;
  private @Nullable AuditWriter broken;
  private List<Path> untold = List.of();
  private volatile @Nullable AuditGap gap;
  private long retryAt;
  private boolean closed;

  /**
   * How it is set up.
   *
   * @param directory of its files; made when it is missing
   * @param version of the program
   * @param copy where every line goes, too
   * @param clock the time that a record gets
   * @param nanos monotonic
   */
  record Settings(
      Path directory,
      String version,
      LogCopy copy,
      InstantSource clock,
      LongSupplier nanos,
      AuditWriter.Limits limits) {}

  private AuditLog(Settings settings) {
    this.settings = settings;
    this.files = new AuditFiles(settings.directory());
    this.reader = new AuditReader(settings.directory());
    this.limits = new AuditLimits(settings.nanos());
    this.retryAt = settings.nanos().getAsLong();
  }

  /**
   * Opens the log in {@code directory}. Where that cannot be done (a full or failing disk) it
   * begins with the log alone and goes on trying: serving does not depend on it.
   */
  public static AuditLog open(Path directory, String version, LogCopy copy) {
    return open(
        new Settings(
            directory,
            version,
            copy,
            InstantSource.system(),
            System::nanoTime,
            AuditWriter.Limits.DEFAULT));
  }

  static AuditLog open(Settings settings) {
    AuditLog log = new AuditLog(settings);
    log.retry();
    return log;
  }

  /** An event that waits to be written, and what became of it. */
  private static final class Entry {
    private final AuditEvent event;
    private final Instant at;
    private boolean done;
    private @Nullable IOException lost;

    Entry(AuditEvent event, Instant at) {
      this.event = event;
      this.at = at;
    }
  }

  @Override
  public void record(AuditEvent event) {
    record(List.of(event));
  }

  /** Writes down all of them, together as far as possible. */
  void record(List<AuditEvent> events) {
    Instant now = settings.clock().instant();
    write(
        events.stream()
            .flatMap(event -> limits.pass(event).stream())
            .map(event -> new Entry(event, now))
            .toList());
  }

  private void write(List<Entry> entries) {
    waiting.addAll(entries);
    lock.lock();
    try {
      while (entries.stream().anyMatch(entry -> !entry.done)) {
        commit(); // perhaps with others; or another caller has done it meanwhile
      }
    } finally {
      lock.unlock();
    }
    for (Entry entry : entries) {
      if (entry.lost != null) {
        throw new AuditException(
            "the event %s can be written down nowhere, neither in %s nor in the log: %s"
                .formatted(entry.event.event(), settings.directory(), entry.lost.getMessage()),
            entry.lost);
      }
    }
  }

  private void commit() {
    List<Entry> batch = new ArrayList<>();
    Entry next = waiting.poll();
    while (next != null) {
      batch.add(next);
      next = batch.size() < MOST_TOGETHER ? waiting.poll() : null;
    }
    if (!toDisk(batch)) {
      batch.forEach(this::toLogAlone);
    }
    batch.forEach(entry -> entry.done = true);
  }

  private boolean toDisk(List<Entry> batch) {
    List<AuditWriter.Line> lines = new ArrayList<>();
    try {
      AuditWriter to = ready();
      if (to == null) {
        return false;
      }
      AuditGap missed = gap;
      if (missed != null && missed.count() > 0) {
        lines.add(line(missed.event(), settings.clock().instant()));
      }
      List<Path> torn = List.copyOf(untold);
      torn.forEach(file -> lines.add(line(recovered(file), settings.clock().instant())));
      batch.forEach(entry -> lines.add(line(entry.event, entry.at)));
      if (!lines.isEmpty()) {
        to.append(lines).forEach(this::copy);
      }
      for (Path file : torn) {
        AuditWriter.told(file);
      }
      untold = List.of();
      if (missed != null) {
        LOG.log(Level.INFO, "audit_to_disk directory={0}", settings.directory());
        gap = null;
      }
      return true;
    } catch (IOException e) {
      fail(e);
      return false;
    }
  }

  private AuditWriter.Line line(AuditEvent event, Instant at) {
    return (seq, prev) -> AuditLine.numbered(event, at, settings.version(), seq, prev);
  }

  /** The writer; null while the disk has failed and it is too soon to try again. */
  private @Nullable AuditWriter ready() throws IOException {
    if (writer == null && !closed && settings.nanos().getAsLong() - retryAt >= 0) {
      AuditWriter before = broken;
      writer =
          before == null ? AuditWriter.open(files, settings.limits()) : AuditWriter.reopen(before);
      untold = writer.untold();
      broken = null;
    }
    return writer;
  }

  private void fail(IOException why) {
    AuditWriter failed = writer;
    if (failed != null) {
      failed.close();
      broken = failed;
      writer = null;
    }
    retryAt = settings.nanos().getAsLong() + PAUSE;
    if (gap == null) {
      LOG.log(
          Level.WARNING,
          "audit_to_log_only directory={0} why=\"{1}\": free space or see what is wrong with the"
              + " disk; changes are recorded in this log meanwhile",
          settings.directory(),
          why);
      gap = AuditGap.begin(settings.clock().instant(), String.valueOf(why));
    }
  }

  private void toLogAlone(Entry entry) {
    String line = AuditLine.unnumbered(entry.event, entry.at, settings.version());
    AuditGap missing = gap;
    if (missing == null) {
      missing = AuditGap.begin(settings.clock().instant(), "closed");
    }
    try {
      settings.copy().write(line);
      gap = missing.and(line);
    } catch (IOException e) {
      entry.lost = e;
    }
  }

  private void copy(String line) {
    try {
      settings.copy().write(line);
    } catch (IOException e) {
      // it is on disk: that is what counts
    }
  }

  /** What is wrong with it; nothing while the disk takes every line. */
  public Optional<String> trouble() {
    return Optional.ofNullable(gap).map(AuditGap::trouble);
  }

  /** The number and the digest of the last record, as {@code moonboot audit verify} takes it. */
  public String position() {
    lock.lock();
    try {
      AuditWriter to = writer == null ? broken : writer;
      Chain chain = to == null ? Chain.NEW : to.chain();
      return chain.seq() + ":" + chain.last();
    } finally {
      lock.unlock();
    }
  }

  /**
   * As {@link AuditReader#recent}.
   *
   * @throws java.io.UncheckedIOException when the files cannot be read
   */
  public AuditPage recent(AuditFilter filter, int limit) {
    return reader.recent(filter, limit);
  }

  /**
   * Tries a disk that has failed again, and tells what was held back; to be called now and then.
   */
  void retry() {
    lock.lock();
    try {
      if (writer == null) {
        toDisk(List.of());
      }
    } finally {
      lock.unlock();
    }
    Instant now = settings.clock().instant();
    write(limits.heldBack().stream().map(event -> new Entry(event, now)).toList());
  }

  /** Writes down what is missing, if the disk takes it, and takes nothing more. */
  @Override
  public void close() {
    try {
      retry();
    } catch (AuditException e) {
      LOG.log(Level.ERROR, "audit_lost why=\"{0}\"", e.getMessage());
    }
    lock.lock();
    try {
      closed = true;
      if (writer != null) {
        writer.close();
        writer = null;
      }
    } finally {
      lock.unlock();
    }
  }

  private static AuditEvent recovered(Path torn) {
    return new AuditEvent(
        "state.recovered",
        "ok",
        "the last line was cut off by a crash, before it counted; it was set aside",
        Actor.SYSTEM,
        Map.of(),
        Map.of("file", torn.getFileName().toString().replace(".untold", "")));
  }
}
