package dev.moonboot.journal;

import dev.moonboot.journal.Boot.Answer;
import dev.moonboot.journal.Boot.Node;
import dev.moonboot.journal.Boot.Result;
import dev.moonboot.journal.Told.Form;
import dev.moonboot.node.Sighting;
import dev.moonboot.node.Sightings;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The boots of late, in memory only: 4,096 at most, of one address 256, and a quarter of those that
 * only requests by UDP tell of, so that nobody can push out everybody else's. Nothing here waits
 * for anything but a short lock, and nothing throws: all of it may be called on the boot path and
 * on event loops.
 *
 * <p>What happens belongs to a boot by the node's hardware address, where it is known (the path
 * says it, the node says it, or the address was seen with it), and else by the address; see {@link
 * Belonging}.
 */
public final class BootLog {
  private static final System.Logger LOG = System.getLogger(BootLog.class.getName());
  private static final int MOST = 4096;
  private static final int MOST_OF_ONE_ADDRESS = 256;

  private static final Duration FRESH = Duration.ofSeconds(1);
  private static final String HTTP = "http";

  /** What nodes are told over TCP and nothing else. */
  private static final Set<Form> OVER_HTTP = EnumSet.of(Form.IPXE, Form.GRUB);

  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Tracks tracks;
  private final Belonging belonging;
  private final Sightings sightings;
  private final Whose whose;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long last;
  private long changes;
  private @Nullable Map<String, Integer> tally;
  private long tallied;

  /** An empty one that knows no addresses. */
  public BootLog() {
    this(new Sightings());
  }

  /**
   * An empty one.
   *
   * @param sightings which node has which address
   */
  public BootLog(Sightings sightings) {
    this(sightings, MOST, MOST_OF_ONE_ADDRESS, InstantSource.system(), System::nanoTime);
  }

  BootLog(
      Sightings sightings,
      int most,
      int mostOfOneAddress,
      InstantSource clock,
      LongSupplier nanos) {
    this.sightings = sightings;
    this.whose = new Whose(sightings);
    this.tracks = new Tracks(most, mostOfOneAddress);
    this.belonging = new Belonging(tracks, nanos);
    this.clock = clock;
    this.nanos = nanos;
  }

  /** Which node has which address, as far as it was seen. */
  public Sightings sightings() {
    return sightings;
  }

  /** A node was told on port 67 what to load. */
  public void offered(Offered offered) {
    offered(offered, false);
  }

  /** A node asked us alone for what it was offered, on port 4011, and was told. */
  public void confirmed(Offered offered) {
    offered(offered, true);
  }

  private void offered(Offered offered, boolean confirmed) {
    Node node =
        new Node(
            Text.kept(offered.mac()),
            Text.kept(offered.uuid()),
            Text.kept(offered.serial()),
            Text.kept(offered.arch()),
            "");
    change(() -> {
      Track track =
          belonging.offered(node, offered.firmware(), confirmed).orElseGet(() -> begin(node));
      heard(track, node);
      track.offered(offered, confirmed);
    });
  }

  /** A file was asked for and is being sent from now on. */
  public void asked(Asked asked) {
    String path = BootPaths.clean(asked.path());
    change(() ->
        of(asked.client(), asked.protocol(), asked.path(), path, false)
            .ifPresent(track -> {
              prove(track, asked.protocol().equals(HTTP));
              track.asked(asked, path);
            }));
  }

  /** A file, or a part of it, has been sent. */
  public void transfer(Sent sent) {
    String path = BootPaths.clean(sent.path());
    change(() ->
        of(sent.client(), sent.protocol(), sent.path(), path, true)
            .ifPresent(track -> {
              prove(track, sent.protocol().equals(HTTP) || sent.bytes() > 0);
              track.sent(sent, path);
            }));
  }

  /** A file was asked for that is not to be had. */
  public void missed(Missed missed) {
    String path = BootPaths.clean(missed.path());
    change(() ->
        of(missed.client(), missed.protocol(), missed.path(), path, false)
            .ifPresent(track -> {
              prove(track, missed.protocol().equals(HTTP));
              track.missed(missed, path);
            }));
  }

  /** The boot that a request for a file belongs to. */
  private Optional<Track> of(
      String client, String protocol, String asked, String path, boolean sent) {
    Node node = whose.of(client, asked);
    Optional<Track> found =
        belonging
            .file(node, client, path, sent)
            .or(() ->
                !sent && Belonging.begins(protocol, asked)
                    ? Optional.of(begin(node))
                    : Optional.empty());
    found.ifPresent(track -> heard(track, node));
    return found;
  }

  /**
   * A node was given a script.
   *
   * @param entries what stands on its kernel and initrd lines
   */
  public void script(Node node, Answer answer, List<String> entries) {
    told(new Told(node, answer, Form.IPXE, entries, List.of()));
  }

  /** A node was told what to boot. */
  public void told(Told told) {
    told(told, null);
  }

  /** A node asked and was given none: {@code NO_MATCH}, {@code NOT_READY} or {@code ERROR}. */
  public void refused(Node node, Answer answer, Result result) {
    told(new Told(node, answer, Form.IPXE, List.of(), List.of()), result);
  }

  private void told(Told told, @Nullable Result refused) {
    Node node = whose.kept(told.node());
    Answer answer =
        new Answer(
            Text.kept(told.answer().group()),
            Text.kept(told.answer().profile()),
            Text.kept(told.answer().release()),
            Text.kept(told.answer().by()),
            Text.open(told.answer().why()));
    Told kept = new Told(node, answer, told.form(), told.files(), told.args());
    change(() -> {
      Track track = belonging.told(kept).orElseGet(() -> begin(node));
      heard(track, node);
      prove(track, refused == null && OVER_HTTP.contains(told.form()));
      track.told(kept, refused);
    });
  }

  /** A node asked for its configuration. */
  public void configured(Configured configured) {
    Node node = whose.of(configured.client(), configured.mac(), "");
    change(() ->
        belonging
            .running(node)
            .filter(track -> track.toldResult().isPresent())
            .ifPresent(track -> {
              heard(track, node);
              track.configured(configured);
            }));
  }

  /** A node waits for an approval, or got it. */
  public void approval(Approval approval) {
    Node node = whose.of(approval.client(), approval.mac(), "");
    change(() ->
        belonging
            .running(node)
            .filter(track -> track.toldResult().isPresent())
            .ifPresent(track -> {
              heard(track, node);
              track.approval(approval.state());
            }));
  }

  /** Talos told something of itself. */
  public void talos(TalosSaid said) {
    Node node = whose.of(said.client(), "", "");
    change(() ->
        belonging
            .running(node)
            .filter(track -> track.toldResult().filter(r -> r == Result.SCRIPT).isPresent())
            .ifPresent(track -> {
              heard(track, node);
              track.talos(said);
            }));
  }

  /** By how many names boots are found; for tests. */
  int names() {
    lock.lock();
    try {
      return tracks.names();
    } finally {
      lock.unlock();
    }
  }

  private Track begin(Node node) {
    Track track = new Track(++last, node, clock.instant(), nanos.getAsLong());
    tracks.add(track);
    return track;
  }

  private void prove(Track track, boolean answered) {
    if (answered) {
      tracks.prove(track);
    }
  }

  private void heard(Track track, Node node) {
    track.touch(clock.instant(), nanos.getAsLong(), ++changes);
    track.isOf(node);
    tracks.know(track);
  }

  private void change(Runnable what) {
    lock.lock();
    try {
      long before = changes;
      what.run();
      if (changes != before) {
        changed.signalAll();
      }
    } catch (RuntimeException e) { // a record of boots must never keep a node from booting
      LOG.log(Level.ERROR, "boots result=fault", e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The latest boots that {@code filter} accepts, newest first, without their events.
   *
   * @param limit how many at most
   */
  public List<Boot> recent(BootFilter filter, int limit) {
    lock.lock();
    try {
      Instant now = clock.instant();
      List<Boot> found = new ArrayList<>();
      for (Track track : tracks.newestFirst()) {
        if (found.size() >= limit) {
          break;
        }
        if (filter.accepts(track)) {
          found.add(track.seen(now, false));
        }
      }
      return found;
    } finally {
      lock.unlock();
    }
  }

  /** The boot with that number, with its events. */
  public Optional<Boot> find(long id) {
    lock.lock();
    try {
      return tracks.find(id).map(track -> track.seen(clock.instant(), true));
    } finally {
      lock.unlock();
    }
  }

  /** The latest boot of that node. */
  public Optional<Boot> latest(Sighting node) {
    lock.lock();
    try {
      return tracks
          .latest(new Node(node.mac().text(), "", "", "", ""))
          .map(track -> track.seen(clock.instant(), false));
    } finally {
      lock.unlock();
    }
  }

  /**
   * How many boots stand so, as of the last second.
   *
   * @param stage the furthest stage, in lower case
   * @param outcome in lower case
   */
  public int count(String stage, String outcome) {
    lock.lock();
    try {
      if (tally == null || nanos.getAsLong() - tallied > FRESH.toNanos()) {
        tally = tally();
        tallied = nanos.getAsLong();
      }
      return tally.getOrDefault(stage + " " + outcome, 0);
    } finally {
      lock.unlock();
    }
  }

  private Map<String, Integer> tally() {
    Instant now = clock.instant();
    Map<String, Integer> counts = new HashMap<>();
    for (Track track : tracks.newestFirst()) {
      Timeline.Verdict verdict = Rules.verdict(track, now);
      String both = verdict.furthest() + " " + verdict.outcome();
      counts.merge(both.toLowerCase(Locale.ROOT), 1, Integer::sum);
    }
    return counts;
  }

  /** How many changes there were of any boot. */
  public long changes() {
    lock.lock();
    try {
      return changes;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until a boot has changed since, {@code atMost} so long.
   *
   * @return those that changed after the change {@code since}, in that order; may be none
   */
  public List<Boot> changedSince(long since, Duration atMost, BooleanSupplier enough)
      throws InterruptedException {
    lock.lock();
    try {
      long left = atMost.toNanos();
      while (changes <= since && left > 0 && !enough.getAsBoolean()) {
        left = changed.awaitNanos(left);
      }
      Instant now = clock.instant();
      return tracks.newestFirst().stream()
          .filter(track -> track.change() > since)
          .sorted(Comparator.comparingLong(Track::change))
          .map(track -> track.seen(now, false))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /** Lets who waits for a change look up. */
  public void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
