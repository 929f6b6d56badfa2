package dev.moonboot.journal;

import dev.moonboot.journal.Boot.Answer;
import dev.moonboot.journal.Boot.Node;
import dev.moonboot.journal.Boot.Result;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The boots of late, in memory only: 4,096 at most, and of one address 256 at most, so that nobody
 * can push out everybody else's. Nothing here waits for anything, and nothing throws: all of it may
 * be called on the boot path and on event loops.
 *
 * <p>A file that is sent belongs to the latest boot of that address whose script names it and that
 * has not got it yet: several nodes may share an address.
 */
public final class BootLog {
  private static final int MOST = 4096;
  private static final int MOST_OF_ONE_ADDRESS = 256;
  private static final int MOST_FILES = 16;
  private static final int LONGEST = 256;

  /** What is fetched later belongs to no boot of ours any more. */
  private static final Duration OPEN = Duration.ofMinutes(30);

  private final int most;
  private final int mostOfOneAddress;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final LinkedHashMap<Long, Entry> boots = new LinkedHashMap<>();
  private final Map<String, Deque<Entry>> byClient = new HashMap<>();
  private long last;

  /** An empty one. */
  public BootLog() {
    this(MOST, MOST_OF_ONE_ADDRESS, InstantSource.system(), System::nanoTime);
  }

  BootLog(int most, int mostOfOneAddress, InstantSource clock, LongSupplier nanos) {
    this.most = most;
    this.mostOfOneAddress = mostOfOneAddress;
    this.clock = clock;
    this.nanos = nanos;
  }

  /** One boot as it goes on; guarded by the log. */
  private static final class Entry {
    private final long id;
    private final Node node;
    private final Answer answer;
    private final Result first;
    private final Instant at;
    private final long nanos;
    private final List<Wanted> files;

    Entry(long id, Node node, Answer answer, Result first, Instant at, long nanos, List<Wanted> f) {
      this.id = id;
      this.node = node;
      this.answer = answer;
      this.first = first;
      this.at = at;
      this.nanos = nanos;
      this.files = f;
    }

    Boot seen() {
      return new Boot(id, node, answer, at, files.stream().map(Wanted::seen).toList(), result());
    }

    private Result result() {
      if (first != Result.SCRIPT || files.stream().allMatch(file -> file.startedAt == null)) {
        return first;
      }
      return files.stream().allMatch(file -> file.sentAt != null) ? Result.LOADED : Result.LOADING;
    }
  }

  /** A file that the script names, and how much of it was sent. */
  private static final class Wanted {
    private final String path;
    private final @Nullable Pattern pattern;
    private long bytes;
    private long size;
    private @Nullable Instant startedAt;
    private @Nullable Instant sentAt;

    Wanted(String path) {
      this.path = path;
      this.pattern = path.contains("${") ? BootPaths.pattern(path) : null;
    }

    boolean is(String asked) {
      return pattern == null ? path.equals(asked) : pattern.matcher(asked).matches();
    }

    /** Counts what continues what came before: a part after a hole does not make it whole. */
    void sent(Sent part, Instant now) {
      startedAt = startedAt == null ? now : startedAt;
      size = part.size();
      if (part.from() <= bytes) {
        bytes = Math.max(bytes, part.from() + part.bytes());
      }
      sentAt = sentAt == null && bytes >= size ? now : sentAt;
    }

    Boot.File seen() {
      return new Boot.File(path, bytes, size, startedAt, sentAt);
    }
  }

  /**
   * A node was given a script.
   *
   * @param entries what stands on its kernel and initrd lines
   */
  public void script(Node node, Answer answer, List<String> entries) {
    List<Wanted> files =
        entries.stream()
            .flatMap(entry -> BootPaths.of(entry).stream())
            .limit(MOST_FILES)
            .map(path -> new Wanted(cut(path)))
            .toList();
    add(node, answer, Result.SCRIPT, files);
  }

  /** A node asked and was given none: {@code NO_MATCH}, {@code NOT_READY} or {@code ERROR}. */
  public void refused(Node node, Answer answer, Result result) {
    add(node, answer, result, List.of());
  }

  private synchronized void add(Node node, Answer answer, Result result, List<Wanted> files) {
    Node who =
        new Node(
            cut(node.mac()), cut(node.uuid()), cut(node.serial()), cut(node.arch()), node.client());
    Answer what =
        new Answer(
            cut(answer.group()),
            cut(answer.profile()),
            answer.release(),
            answer.by(),
            cut(answer.why()));
    Entry entry = new Entry(++last, who, what, result, clock.instant(), nanos.getAsLong(), files);
    Deque<Entry> own = byClient.computeIfAbsent(who.client(), _ -> new ArrayDeque<>());
    own.addFirst(entry);
    boots.put(entry.id, entry);
    if (own.size() > mostOfOneAddress) {
      boots.remove(own.removeLast().id);
    }
    if (boots.size() > most) {
      Iterator<Entry> oldest = boots.values().iterator();
      Entry gone = oldest.next();
      oldest.remove();
      byClient.computeIfPresent(
          gone.node.client(),
          (_, theirs) -> {
            theirs.remove(gone);
            return theirs.isEmpty() ? null : theirs;
          });
    }
  }

  /** A node was told on port 67 what to load. */
  public void offered(Offered offered) {
    // TODO(timeline)
  }

  /** A node asked us alone for what it was offered, on port 4011, and was told. */
  public void confirmed(Offered offered) {
    // TODO(timeline)
  }

  /** A file was asked for and is being sent from now on. */
  public void asked(Asked asked) {
    // TODO(timeline)
  }

  /** A file was asked for that is not to be had. */
  public void missed(Missed missed) {
    // TODO(timeline)
  }

  /** A node was told what to boot. */
  public void told(Told told) {
    script(told.node(), told.answer(), told.files());
  }

  /** A node asked for its configuration. */
  public void configured(Configured configured) {
    // TODO(timeline)
  }

  /** A node waits for an approval, or got it. */
  public void approval(Approval approval) {
    // TODO(timeline)
  }

  /** Talos told something of itself. */
  public void talos(TalosSaid said) {
    // TODO(timeline)
  }

  /** A file, or a part of it, has been sent. */
  public synchronized void transfer(Sent sent) {
    Deque<Entry> own = byClient.get(sent.client());
    if (own == null || sent.bytes() <= 0) {
      return;
    }
    long now = nanos.getAsLong();
    String path = BootPaths.clean(sent.path());
    for (Entry entry : own) {
      if (now - entry.nanos > OPEN.toNanos()) {
        return;
      }
      Optional<Wanted> file =
          entry.files.stream().filter(f -> f.sentAt == null && f.is(path)).findFirst();
      if (file.isPresent()) {
        file.get().sent(sent, clock.instant());
        return;
      }
    }
  }

  /**
   * The latest boots that {@code filter} accepts, newest first.
   *
   * @param limit how many at most
   */
  public synchronized List<Boot> recent(BootFilter filter, int limit) {
    List<Boot> found = new ArrayList<>();
    for (Entry entry : boots.sequencedValues().reversed()) {
      Boot boot = entry.seen();
      if (found.size() < limit && filter.accepts(boot)) {
        found.add(boot);
      }
    }
    return found;
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
  }
}
