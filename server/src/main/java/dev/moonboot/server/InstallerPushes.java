package dev.moonboot.server;

import dev.moonboot.admin.PushStatus;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.installer.InstallerRepositories;
import dev.moonboot.journal.Actor;
import dev.moonboot.journal.Audit;
import dev.moonboot.journal.AuditEvent;
import dev.moonboot.journal.AuditException;
import dev.moonboot.metrics.Meters;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Pushes the installer image of each new head to where the configuration says, with its signatures.
 * What a registry does not take is tried again, later and later.
 */
final class InstallerPushes implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(InstallerPushes.class.getName());
  private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  private static final String FAILED = "failed";

  /** Of this program: where it is told, too. */
  private static final String FAULT = "FAULT";

  /**
   * What became of a channel's images since the start.
   *
   * @param image that was pushed last
   * @param failures tries in a row that failed after that
   * @param reason why the last one did
   */
  private record Standing(
      @Nullable Digest image, @Nullable Instant since, int failures, String reason) {
    static final Standing NOTHING = new Standing(null, null, 0, "");
  }

  /** What is written down once: tries go on. */
  private record Trouble(Digest image, String kind) {}

  /**
   * What was not taken, and is not tried again before that time.
   *
   * @param tries so far
   * @param nanos by {@link System#nanoTime}
   */
  private record Later(Digest image, int tries, long nanos) {}

  private final Map<String, SourceImage.Repository> targets;
  private final InstallerRepositories images;
  private final RegistrySettings settings;
  private final Audit audit;
  private final Meters meters;
  private final Map<String, Standing> standings = new ConcurrentHashMap<>();
  private final Map<String, Trouble> told = new HashMap<>(); // this and the next: the thread's
  private final Map<String, Later> later = new HashMap<>();
  private final Duration firstPause;
  private final Semaphore changes = new Semaphore(0);
  private final Thread thread = Thread.ofVirtual().name("installer-push").unstarted(this::run);

  /**
   * @param targets by channel
   */
  InstallerPushes(
      Map<String, SourceImage.Repository> targets,
      InstallerRepositories images,
      RegistrySettings settings,
      Audit audit,
      Meters meters) {
    this(targets, images, settings, audit, meters, FIRST_PAUSE);
  }

  /**
   * @param firstPause after the first failure; doubles with each
   */
  InstallerPushes(
      Map<String, SourceImage.Repository> targets,
      InstallerRepositories images,
      RegistrySettings settings,
      Audit audit,
      Meters meters,
      Duration firstPause) {
    this.firstPause = firstPause;
    this.targets = Map.copyOf(targets);
    this.images = images;
    this.settings = settings;
    this.audit = audit;
    this.meters = meters;
  }

  /** Pushes what is there now, and then whatever comes. */
  void start() {
    if (!targets.isEmpty()) {
      thread.start();
    }
  }

  /** Other releases are held than before, perhaps: what failed waits for its time all the same. */
  void look() {
    changes.release();
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        if (pushAll()) {
          changes.acquire();
        } else {
          var _ = changes.tryAcquire(untilNext(), TimeUnit.NANOSECONDS);
        }
        changes.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  /** In nanoseconds. */
  private long untilNext() {
    long now = System.nanoTime();
    return later.values().stream().mapToLong(each -> each.nanos() - now).min().orElse(0);
  }

  /** Whether nothing is left to do. What one registry does not take keeps no other waiting. */
  private boolean pushAll() throws InterruptedException {
    boolean all = true;
    for (var to : targets.entrySet()) {
      all &= push(to.getKey(), to.getValue());
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    return all;
  }

  /** Whether nothing is left to do for the channel. */
  private boolean push(String channel, SourceImage.Repository to) {
    Optional<Release> head = images.head(channel);
    Standing before = standing(channel);
    if (head.isEmpty() || index(head.get()).equals(before.image())) {
      later.remove(channel);
      return true;
    }
    Release release = head.get();
    if (isForLater(later.get(channel), release)) {
      return false;
    }
    try {
      List<String> tags = List.of(release.version());
      InstallerPush.of(InstallerPush.parts(release), tags)
          .with(images.attached(index(release)))
          .push(to, settings, Progress.NONE);
      later.remove(channel);
      standings.put(channel, new Standing(index(release), Instant.now(), 0, ""));
      LOG.log(
          Level.INFO,
          "push channel=%s image=%s:%s digest=%s"
              .formatted(channel, to.display(), release.version(), index(release)));
      tell(channel, to, release, "");
      return true;
    } catch (RuntimeException e) { // the edge of this thread: it goes on, and the others' pushes
      if (!Thread.currentThread().isInterrupted()) { // what closing breaks off is no failure
        failed(channel, to, release, new Trouble(index(release), kind(e)), e);
      }
    }
    return false;
  }

  private static boolean isForLater(@Nullable Later failed, Release release) {
    return failed != null
        && failed.image().equals(index(release))
        && failed.nanos() - System.nanoTime() > 0;
  }

  private Later later(@Nullable Later before, Digest image) {
    int tries = before != null && before.image().equals(image) ? before.tries() + 1 : 1;
    Duration pause = firstPause.multipliedBy(1L << Math.min(tries - 1, 20));
    Duration most = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    return new Later(image, tries, System.nanoTime() + most.toNanos());
  }

  private static String kind(RuntimeException failure) {
    return switch (failure) {
      case RegistryException of -> of.reason().name();
      case UncheckedIOException _ -> "LOCAL_IO";
      default -> FAULT;
    };
  }

  private static Digest index(Release release) {
    return InstallerFiles.index(release).orElseThrow().digest();
  }

  private Standing standing(String channel) {
    return standings.getOrDefault(channel, Standing.NOTHING);
  }

  private void failed(
      String channel,
      SourceImage.Repository to,
      Release release,
      Trouble trouble,
      RuntimeException failure) {
    String why = String.valueOf(failure.getMessage());
    later.put(channel, later(later.get(channel), trouble.image()));
    Standing before = standing(channel);
    standings.put(
        channel, new Standing(before.image(), before.since(), before.failures() + 1, why));
    LOG.log(
        Level.WARNING,
        "push channel=%s image=%s:%s failed why=\"%s\""
            .formatted(channel, to.display(), release.version(), why));
    if (trouble.kind().equals(FAULT)) {
      LOG.log(Level.ERROR, "push channel=" + channel + " result=fault", failure);
    }
    if (trouble.equals(told.put(channel, trouble))) {
      meters.push(channel, FAILED); // what is tried again for the same reason is not told again
    } else {
      tell(channel, to, release, why);
    }
  }

  /**
   * Writes it down, as moonboot's own doing.
   *
   * @param why it failed; empty when it did not
   */
  private void tell(String channel, SourceImage.Repository to, Release release, String why) {
    String outcome = why.isEmpty() ? "ok" : FAILED;
    meters.push(channel, outcome);
    if (why.isEmpty()) {
      told.remove(channel);
    }
    Map<String, String> target = new LinkedHashMap<>();
    target.put("channel", channel);
    target.put("release", release.digest().toString());
    Map<String, String> details = new LinkedHashMap<>();
    details.put("to", to.display() + ":" + release.version());
    details.put("digest", index(release).toString());
    var event = new AuditEvent("image.push", outcome, why, Actor.SYSTEM, target, details);
    try {
      audit.record(event);
    } catch (AuditException e) {
      LOG.log(Level.WARNING, "audit event={0} lost=\"{1}\"", event.event(), e.getMessage());
    }
  }

  /** How it stands with a channel; empty when its images are not put anywhere. */
  Optional<PushStatus> status(String channel) {
    return Optional.ofNullable(targets.get(channel))
        .map(to -> {
          Standing standing = standing(channel);
          Digest head = images.head(channel).map(InstallerPushes::index).orElse(null);
          return new PushStatus(
              to.display(),
              standing.image(),
              standing.since(),
              head == null || head.equals(standing.image()) ? null : head,
              standing.failures(),
              standing.reason());
        });
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      if (thread.getState() != Thread.State.NEW) {
        thread.join(Duration.ofSeconds(10));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
