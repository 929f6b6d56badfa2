package dev.moonboot.release;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Release;
import dev.moonboot.journal.Actor;
import dev.moonboot.journal.Audit;
import dev.moonboot.metrics.Meters;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of pins while nobody looks. */
class PinUpkeepTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration LATER = Duration.ofMinutes(1);
  private static final Actor ANNA = new Actor(Actor.Type.TOKEN, "anna", "127.0.0.1:5000 admin");

  @TempDir Path folder;
  private final FakeReleaseCache cache = new FakeReleaseCache();
  private final Releases releases = new Releases(List.of(SampleReleases.channel("custom")), null);
  private final Told told = new Told();
  private Release older;
  private Release head;
  private Pinning pinning;
  private PinUpkeep upkeep;

  /** What the upkeep logs. */
  private static final class Told extends Handler {
    private final Logger logger = Logger.getLogger(PinUpkeep.class.getName());
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord line) {
      lines.add(new SimpleFormatter().formatMessage(line));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      logger.removeHandler(this);
    }
  }

  @BeforeEach
  void start() {
    SampleReleases samples = new SampleReleases(folder);
    older = samples.release("older", AMD64, ARM64);
    head = samples.release("the head", AMD64, ARM64);
    cache.push(older).push(head).history("custom", older, head);
    Changes changes = Changes.open(folder.resolve("state"), releases, Audit.NONE);
    releases.advance("custom", cache.releases(SampleReleases.channel("custom")));
    pinning =
        new Pinning(cache, releases, changes, name -> new ProfileChannel.Follows(name, "custom"));
    upkeep = new PinUpkeep(cache, releases, changes, pinning, new Meters());
    told.logger.addHandler(told);
  }

  @AfterEach
  void stop() {
    upkeep.close();
    told.close();
  }

  private void pin(@Nullable Instant expires) {
    PinOrder order = new PinOrder("", expires, ANNA, null);
    PinOutcome outcome =
        pinning.pin("talos", new PinTarget.ByDigest(older.digest()), order, Progress.NONE);
    assertTrue(outcome instanceof PinOutcome.Pinned, outcome.toString());
  }

  private Optional<Digest> boots() {
    return releases.effective("talos", "custom").map(boots -> boots.release().digest());
  }

  private void awaitBoots(Release release) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos(); // no look of its own is due
    while (!boots().equals(Optional.of(release.digest()))) {
      assertTrue(System.nanoTime() < end, () -> "it boots " + boots());
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  /** As after a disk was replaced. */
  private void lose() {
    cache.lose(older.digest());
    releases.keep(cache::all);
    assertEquals(Optional.empty(), boots());
  }

  @Test
  void what_a_pin_names_is_fetched_again_where_it_was_lost() {
    pin(null);
    lose();
    upkeep.start();
    awaitBoots(older);
    assertEquals(1, cache.fetches.get());
  }

  @Test
  void while_the_registry_is_down_it_is_tried_again_and_told_once() {
    pin(null);
    lose();
    cache.down = true;
    assertEquals(SOON, upkeep.fetchMissing());
    assertEquals(SOON, upkeep.fetchMissing());
    assertEquals(1, told.lines.size(), told.lines::toString);
    cache.down = false;
    assertEquals(LATER, upkeep.fetchMissing());
    assertEquals(Optional.of(older.digest()), boots());
  }

  @Test
  void what_is_revoked_is_not_fetched_and_told_once() {
    pin(null);
    cache.revoke(older.digest(), "key k1 is not trusted any more");
    releases.keep(() -> List.of(head));
    for (int i = 0; i < 3; i++) {
      assertEquals(LATER, upkeep.fetchMissing());
    }
    assertEquals(0, cache.fetches.get());
    assertEquals(Optional.empty(), boots());
    assertEquals(1, told.lines.size(), told.lines::toString);
    String line = told.lines.getFirst();
    assertTrue(line.contains("profile=talos") && line.contains("k1 is not trusted"), line);
  }

  @Test
  void what_the_policy_does_not_let_in_is_told_once_and_not_tried_soon() {
    pin(null);
    lose();
    cache.pushUnsigned(older);
    assertEquals(LATER, upkeep.fetchMissing());
    assertEquals(LATER, upkeep.fetchMissing());
    assertEquals(1, told.lines.size(), told.lines::toString);
  }

  @Test
  void a_pin_ends_at_its_time_without_anybody_asking() {
    upkeep.start();
    pin(Instant.now().plusSeconds(1));
    awaitBoots(head);
    assertEquals(Optional.empty(), pinning.decisions().pin("talos"));
  }
}
