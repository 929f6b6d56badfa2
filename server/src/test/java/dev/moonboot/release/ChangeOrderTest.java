package dev.moonboot.release;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Fetched;
import dev.moonboot.assets.HeadGate;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Release;
import dev.moonboot.journal.Actor;
import dev.moonboot.journal.AuditEvent;
import dev.moonboot.journal.AuditException;
import dev.moonboot.metrics.Meters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pins, rollbacks, holds and moves of heads at the same time. */
@Timeout(120)
class ChangeOrderTest {
  private static final Channel CUSTOM = SampleReleases.channel("custom");
  private static final List<String> PROFILES = List.of("a", "b", "c");

  @TempDir Path folder;
  private final FakeReleaseCache cache = new FakeReleaseCache();
  private final Releases releases = new Releases(List.of(CUSTOM), null);
  private final List<AuditEvent> audited = new CopyOnWriteArrayList<>();
  private final List<Release> all = new ArrayList<>();
  private Changes changes;
  private Pinning pinning;

  @BeforeEach
  void start() {
    SampleReleases samples = new SampleReleases(folder);
    for (int i = 0; i < 6; i++) {
      Release release = samples.release("release " + i, AMD64, ARM64);
      all.add(release);
      cache.push(release, "v" + i);
    }
    cache.push(all.getFirst(), "demo");
    changes = Changes.open(folder.resolve("state"), releases, audited::add);
    pinning =
        new Pinning(
            cache, releases, changes, profile -> new ProfileChannel.Follows(profile, "custom"));
  }

  private Following following(ReleaseCache of) {
    return new Following(
        of, releases, changes, FollowConfig.DEFAULT, new Meters(), FollowListener.NONE);
  }

  private static PinOrder order() {
    return PinOrder.of("", Actor.SYSTEM);
  }

  /**
   * What nodes felt, worked out from the audit log alone: each record says what it came from, and
   * that must be what the records before it led to.
   */
  private Map<String, String> replayed() {
    @Nullable String head = null;
    Map<String, String> pins = new HashMap<>();
    for (AuditEvent event : audited) {
      if (!event.outcome().equals("ok")) {
        continue;
      }
      String from = String.valueOf(event.details().get("from"));
      String to = String.valueOf(event.details().get("to"));
      if (event.event().equals("refresh.activate")) {
        assertEquals(String.valueOf(head), from, event.toString());
        head = to;
      } else if (event.event().startsWith("pin.")) {
        String profile = String.valueOf(event.target().get("profile"));
        assertEquals(pins.getOrDefault(profile, String.valueOf(head)), from, event.toString());
        if (event.event().equals("pin.remove")) {
          pins.remove(profile);
          assertEquals(String.valueOf(head), to, event.toString());
        } else {
          pins.put(profile, to);
        }
      }
    }
    Map<String, String> boots = new HashMap<>();
    for (String profile : PROFILES) {
      boots.put(profile, pins.getOrDefault(profile, String.valueOf(head)));
    }
    return boots;
  }

  @Test
  void c_14_changes_at_the_same_time_take_effect_in_the_order_of_the_audit_log() throws Exception {
    try (Following following = following(cache);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      following.start();
      following.refreshNow("custom");
      List<Future<?>> running = new ArrayList<>();
      for (String profile : PROFILES) {
        running.add(threads.submit(() -> changeAtRandom(profile)));
      }
      running.add(
          threads.submit(() -> {
            Random random = new Random(7);
            for (int i = 0; i < 60; i++) {
              cache.push(all.get(random.nextInt(all.size())), "demo");
              following.refreshNow("custom");
            }
          }));
      for (Future<?> task : running) {
        task.get();
      }
    }
    Map<String, String> boots = new HashMap<>();
    for (String profile : PROFILES) {
      Effective effective = releases.effective(profile, "custom").orElseThrow();
      boots.put(profile, effective.release().digest().toString());
    }
    assertEquals(boots, replayed());
    // I3, I4: what was acknowledged last is what a start finds
    assertEquals(changes.now(), DecisionFile.open(folder.resolve("state")).decisions());
  }

  private void changeAtRandom(String profile) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int i = 0; i < 40; i++) {
      PinOutcome outcome =
          switch (random.nextInt(4)) {
            case 0 -> pinning.rollback(profile, order());
            case 1 -> pinning.unpin(profile, order());
            case 2 -> pinning.promote(profile, PROFILES.get(random.nextInt(3)), order());
            default ->
                pinning.pin(
                    profile,
                    new PinTarget.ByDigest(all.get(random.nextInt(all.size())).digest()),
                    order(),
                    Progress.NONE);
          };
      Optional<Effective> boots = releases.effective(profile, "custom");
      if (outcome instanceof PinOutcome.Pinned(var pin, var release, var _)) {
        // I5, and in force when it is told: nobody else changes this profile
        assertEquals(Optional.of(new Effective(release, Effective.By.PIN)), boots);
        assertEquals(pin.release(), release.digest());
      }
    }
  }

  @Test
  void c_14_a_rollback_waits_for_a_head_that_is_on_its_way_and_goes_back_from_that_one()
      throws Exception {
    cache.history("custom", all.get(0), all.get(1));
    CountDownLatch moving = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    ReleaseCache slow = new Slow(cache, moving, goOn);
    cache.push(all.get(2), "demo");
    try (Following following = following(slow);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      following.start();
      moving.await(); // the move is written down, and the head not moved yet
      Future<PinOutcome> rollback = threads.submit(() -> pinning.rollback("a", order()));
      assertTrue(!rollback.isDone());
      goOn.countDown();
      PinOutcome.Pinned pinned = assertInstanceOf(PinOutcome.Pinned.class, rollback.get());
      assertEquals(all.get(1).digest(), pinned.release().digest());
      assertEquals(all.get(2).digest(), pinned.pin().replaced());
      assertEquals(
          List.of("refresh.activate", "pin.rollback"),
          audited.stream().map(AuditEvent::event).toList());
    }
  }

  @Test
  void a_head_that_cannot_be_written_down_does_not_move() {
    Changes mute =
        Changes.open(
            folder.resolve("state"),
            releases,
            _ -> {
              throw new AuditException("full", new IllegalStateException());
            });
    cache.history("custom", all.get(1));
    try (Following following =
        new Following(
            cache, releases, mute, FollowConfig.DEFAULT, new Meters(), FollowListener.NONE)) {
      following.start();
      Refresh outcome = following.refreshNow("custom").orElseThrow();
      Refresh.Failed failed = assertInstanceOf(Refresh.Failed.class, outcome);
      assertTrue(failed.why().contains("audit log"), failed.why());
      assertEquals(Optional.of(all.get(1)), releases.head("custom"));
    }
  }

  /** Stops between the gate and the move. */
  private record Slow(FakeReleaseCache cache, CountDownLatch moving, CountDownLatch goOn)
      implements Delegating {
    @Override
    public Refresh refresh(Channel channel, Progress progress, HeadGate gate) {
      return cache.refresh(
          channel,
          progress,
          (next, previous) -> {
            Optional<String> why = gate.whyNot(next, previous);
            moving.countDown();
            try {
              goOn.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return why;
          });
    }
  }

  private interface Delegating extends ReleaseCache {
    FakeReleaseCache cache();

    @Override
    default Optional<Release> head(Channel channel) {
      return cache().head(channel);
    }

    @Override
    default List<Release> releases(Channel channel) {
      return cache().releases(channel);
    }

    @Override
    default List<Release> all() {
      return cache().all();
    }

    @Override
    default Fetched fetch(Channel channel, Digest digest, Progress progress) {
      return cache().fetch(channel, digest, progress);
    }

    @Override
    default Fetched fetch(Channel channel, String tag, Progress progress) {
      return cache().fetch(channel, tag, progress);
    }

    @Override
    default Optional<String> revoked(Digest release) {
      return cache().revoked(release);
    }

    @Override
    default Optional<String> flagged(Digest release) {
      return cache().flagged(release);
    }

    @Override
    default void accept(Channel channel, Digest digest) {
      cache().accept(channel, digest);
    }
  }
}
