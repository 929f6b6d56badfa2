package dev.moonboot.release;

import static dev.moonboot.assets.Arch.ARM64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Fetched;
import dev.moonboot.assets.HeadGate;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Rejected;
import dev.moonboot.assets.Refresh.Trouble;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.Remade;
import dev.moonboot.journal.Actor;
import dev.moonboot.journal.AuditEvent;
import dev.moonboot.metrics.Meters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FollowingTest {
  /** Long enough that no look comes by itself during a test, unless a failure asks for it. */
  private static final Duration SELDOM = Duration.ofHours(1);

  /** A cache whose looks end as the test says, one after the other. */
  private static final class FakeCache implements ReleaseCache {
    final BlockingQueue<Refresh> outcomes = new LinkedBlockingQueue<>();
    final List<Release> held = new CopyOnWriteArrayList<>();
    final List<Digest> accepted = new CopyOnWriteArrayList<>();
    final List<Digest> revoked = new CopyOnWriteArrayList<>();
    final List<Remade> remade = new CopyOnWriteArrayList<>();
    final AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
    final AtomicReference<@Nullable Failed> fault = new AtomicReference<>();
    final AtomicInteger looks = new AtomicInteger();
    final CountDownLatch interrupted = new CountDownLatch(1);

    @Override
    public Refresh refresh(Channel channel, Progress progress, HeadGate gate) {
      looks.incrementAndGet();
      try {
        Refresh outcome = outcomes.take();
        if (outcome instanceof Updated(var head, var previous, var _)) {
          Optional<String> closed = gate.whyNot(head, previous);
          if (closed.isPresent()) {
            return new Failed(Trouble.READ_ONLY, closed.get(), null);
          }
          Failed broken = fault.get();
          if (broken != null) {
            return broken;
          }
          held.addFirst(head);
        }
        return outcome;
      } catch (InterruptedException e) {
        interrupted.countDown();
        return new Failed(Trouble.UNREACHABLE, "interrupted", null);
      }
    }

    @Override
    public Optional<Release> head(Channel channel) {
      return held.stream().findFirst();
    }

    @Override
    public List<Release> releases(Channel channel) {
      return all();
    }

    @Override
    public List<Release> all() {
      List<Release> all =
          held.stream().filter(release -> !revoked.contains(release.digest())).toList();
      meanwhile.getAndSet(() -> {}).run();
      return all;
    }

    @Override
    public Fetched fetch(Channel channel, Digest digest, Progress progress) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Fetched fetch(Channel channel, String tag, Progress progress) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<String> revoked(Digest release) {
      return revoked.contains(release) ? Optional.of("its key is revoked") : Optional.empty();
    }

    @Override
    public Optional<String> flagged(Digest release) {
      return Optional.empty();
    }

    @Override
    public Optional<Remade> remade(Digest release) {
      return remade.stream().filter(one -> one.release().equals(release)).findFirst();
    }

    @Override
    public void accept(Channel channel, Digest digest) {
      Failed broken = fault.get();
      if (broken != null) {
        throw new UncheckedIOException(new IOException(broken.why()));
      }
      accepted.add(digest);
    }
  }

  @TempDir Path folder;
  private final FakeCache cache = new FakeCache();
  private final Meters meters = new Meters();
  private final AtomicLong nanos = new AtomicLong();
  private final Releases releases =
      new Releases(List.of(SampleReleases.channel("custom", ARM64)), null);
  private final List<AuditEvent> audited = new CopyOnWriteArrayList<>();
  private Changes changes;
  private Following following;
  private Release first;
  private Release second;

  @BeforeEach
  void samples() {
    first = new SampleReleases(folder).release("first", ARM64);
    second = new SampleReleases(folder).release("second", ARM64);
    changes = Changes.open(folder.resolve("state"), releases, audited::add);
    following = following(releases, FollowListener.NONE);
  }

  private Following following(Releases followed, FollowListener listener) {
    return new Following(
        cache,
        followed,
        changes,
        new Pace(SELDOM, () -> 0.5),
        () -> new Freshness(Duration.ofHours(24), nanos::get),
        meters,
        listener);
  }

  @AfterEach
  void close() {
    following.close();
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
    }
    assertTrue(condition.getAsBoolean());
  }

  private ChannelStatus status() {
    return following.statuses().getFirst();
  }

  private void awaitState(ChannelState state) {
    await(() -> status().state() == state);
  }

  @Test
  void b_01_the_head_on_disk_serves_before_any_network() {
    cache.held.addAll(List.of(first, second));
    following.start(); // the registry does not answer
    assertEquals(Optional.of(first), releases.head("custom"));
    assertEquals(Optional.of(second), releases.release(second.digest()));
    assertEquals(first.digest(), status().head());
    assertEquals(first.version(), status().version());
    assertNull(status().lastGood());
    await(() -> cache.looks.get() == 1); // and the first look comes at once
  }

  @Test
  void a_new_release_takes_over_and_the_old_one_stays_reachable() {
    cache.held.add(first);
    cache.outcomes.add(new Unchanged(first));
    following.start();
    awaitState(ChannelState.FOLLOWING);
    cache.outcomes.add(new Updated(second, first.digest(), 10));
    assertEquals(
        new Updated(second, first.digest(), 10), following.refreshNow("custom").orElseThrow());
    assertEquals(Optional.of(second), releases.head("custom"));
    assertEquals(Optional.of(first), releases.release(first.digest()));
    assertEquals(second.digest(), status().head());
    assertNotNull(status().lastGood());
    assertTrue(meters.scrape().contains("release=\"" + second.digest() + "\""));
    assertTrue(meters.scrape().contains("result=\"updated\""));
  }

  @Test
  void s_02_a_release_that_is_let_in_with_a_warning_serves_and_says_so() {
    String meter = "moonboot_channel_warning{channel=\"custom\"}";
    Release unsigned = SampleReleases.unsigned(first, "there is no signature at all");
    cache.held.add(unsigned);
    following.start();
    assertEquals(Optional.of(unsigned), releases.head("custom"));
    assertEquals("there is no signature at all", status().warning());
    assertEquals(List.of(), alarms());
    assertTrue(meters.scrape().contains(meter + " 1"), meters.scrape());
    cache.outcomes.add(new Updated(second, first.digest(), 10));
    await(() -> releases.head("custom").equals(Optional.of(second)));
    assertEquals("", status().warning());
    assertTrue(meters.scrape().contains(meter + " 0"), meters.scrape());
  }

  @Test
  void b_02_with_nothing_cached_it_goes_on_trying_until_the_registry_is_there() {
    cache.outcomes.add(new Failed(Trouble.UNREACHABLE, "connection refused", null));
    following.start();
    awaitState(ChannelState.STALE);
    assertEquals("connection refused", status().reason());
    assertEquals(1, status().failures());
    assertNull(status().head());
    assertNotNull(status().nextCheck());
    cache.outcomes.add(new Updated(first, null, 10)); // taken by the look that comes by itself
    awaitState(ChannelState.FOLLOWING);
    assertEquals(Optional.of(first), releases.head("custom"));
    assertEquals("", status().reason());
    assertEquals(0, status().failures());
  }

  @Test
  void a_release_that_the_cache_deleted_is_not_offered_any_more() {
    cache.held.addAll(List.of(second, first));
    following.start();
    assertEquals(Optional.of(first), releases.release(first.digest()));
    cache.held.remove(first);
    cache.outcomes.add(new Unchanged(second));
    awaitState(ChannelState.FOLLOWING);
    assertEquals(Optional.empty(), releases.release(first.digest()));
    assertEquals(Optional.of(second), releases.head("custom"));
  }

  @Test
  void c_11_what_is_offered_while_somebody_asks_what_is_held_stays_offered() {
    cache.held.add(first);
    following.start();
    cache.meanwhile.set(() -> {
      cache.held.add(second);
      releases.offer(second); // as an Image Factory does with what it has just composed
    });
    following.recheck();
    assertEquals(Optional.of(second), releases.release(second.digest()));
  }

  @Test
  void a_head_that_is_let_in_for_another_reason_by_now_serves_so() {
    cache.held.add(SampleReleases.unsigned(first, "there is no signature at all"));
    following.start();
    cache.held.set(0, first); // somebody has signed it since
    cache.outcomes.add(new Unchanged(first));
    awaitState(ChannelState.FOLLOWING);
    assertEquals(Optional.of(first), releases.head("custom"));
    assertEquals("", status().warning());
  }

  @Test
  void c_07_a_move_that_was_written_down_and_could_not_be_made_is_told_of() {
    cache.held.add(first);
    following.start();
    cache.fault.set(new Failed(Trouble.NO_SPACE, "no space left on device", null));
    cache.outcomes.add(new Updated(second, first.digest(), 10));
    awaitState(ChannelState.NO_SPACE);
    assertEquals(
        List.of("refresh.activate ok", "refresh.activate failed"),
        audited.stream().map(event -> event.event() + " " + event.outcome()).toList());
    assertEquals("no space left on device", audited.getLast().details().get("error"));
    cache.fault.set(null);
    cache.outcomes.add(new Updated(second, first.digest(), 10));
    await(() -> releases.head("custom").equals(Optional.of(second)));
    await(() -> status().state() == ChannelState.FOLLOWING);
    assertEquals(3, audited.size());
  }

  @Test
  void a_look_that_fails_leaves_the_head_serving() {
    cache.held.add(first);
    following.start();
    cache.outcomes.add(new Failed(Trouble.TAG_MISSING, "no such tag", null));
    awaitState(ChannelState.TAG_MISSING);
    cache.outcomes.add(new Failed(Trouble.AUTH_FAILED, "no", null));
    following.refreshNow("custom");
    assertEquals(ChannelState.AUTH_FAILED, status().state());
    cache.outcomes.add(new Rejected(second.digest(), Refresh.Grounds.CONTENT, "no kernel"));
    following.refreshNow("custom");
    assertEquals(ChannelState.REJECTED_CONTENT, status().state());
    assertEquals(second.digest() + ": no kernel", status().reason());
    assertEquals(3, status().failures());
    assertEquals(Optional.of(first), releases.head("custom"));
  }

  @Test
  void a_fault_is_told_and_the_channel_is_followed_on() throws Exception {
    Release broken = new SampleReleases(folder).release("broken", ARM64);
    Files.delete(broken.asset(ARM64, AssetName.CMDLINE).orElseThrow().file());
    cache.outcomes.add(new Updated(broken, null, 1));
    following.start();
    awaitState(ChannelState.STALE);
    assertTrue(status().reason().startsWith("fault in moonboot"), status().reason());
    cache.held.clear();
    cache.outcomes.add(new Updated(first, null, 1));
    awaitState(ChannelState.FOLLOWING);
    assertTrue(following.isRunning());
  }

  @Test
  void callers_that_wait_together_share_one_look() throws Exception {
    following.start();
    await(() -> cache.looks.get() == 1); // under way; who asks now wants one that begins later
    List<Refresh> answers = new CopyOnWriteArrayList<>();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      callers.add(
          Thread.ofVirtual()
              .start(() -> answers.add(following.refreshNow("custom").orElseThrow())));
    }
    await(() -> callers.stream().allMatch(c -> c.getState() == Thread.State.WAITING));
    cache.outcomes.add(new Unchanged(first));
    for (int i = 0; i < 10; i++) {
      cache.outcomes.add(
          new Updated(second, null, 1)); // one is used; none may keep callers waiting
    }
    for (Thread caller : callers) {
      caller.join();
    }
    assertEquals(Collections.nCopies(10, new Updated(second, null, 1)), answers);
    assertTrue(cache.looks.get() <= 3, cache.looks + " looks for ten callers");
  }

  @Test
  void an_unknown_channel_cannot_be_looked_at() {
    assertEquals(Optional.empty(), following.refreshNow("other"));
  }

  @Test
  void the_listener_hears_of_every_look_once_it_is_in_force() throws Exception {
    BlockingQueue<Optional<Release>> seen = new LinkedBlockingQueue<>();
    FollowListener listener =
        new FollowListener() {
          @Override
          public void looked(Channel channel, Refresh outcome) {
            seen.add(releases.head("custom"));
          }
        };
    cache.outcomes.add(new Updated(first, null, 10));
    try (var heard = following(releases, listener)) {
      heard.start();
      assertEquals(Optional.of(first), seen.take());
    }
  }

  @Test
  void close_interrupts_a_running_look_and_answers_those_who_wait() throws Exception {
    following.start();
    await(() -> cache.looks.get() == 1);
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var answer = callers.submit(() -> following.refreshNow("custom"));
      following.close();
      cache.interrupted.await();
      assertInstanceOf(Failed.class, answer.get().orElseThrow());
    }
    assertFalse(following.isRunning());
  }

  private static final Actor ANNA = new Actor(Actor.Type.TOKEN, "anna", "");

  private List<String> events() {
    return audited.stream().map(AuditEvent::event).toList();
  }

  private List<ChannelStatus.Kind> alarms() {
    return status().alarms().stream().map(ChannelStatus.Alarm::kind).toList();
  }

  @Test
  void a_channel_that_is_held_is_not_looked_at_until_it_is_followed_again() {
    cache.held.add(first);
    cache.outcomes.add(new Unchanged(first));
    following.start();
    awaitState(ChannelState.FOLLOWING);
    assertInstanceOf(FollowOutcome.Done.class, following.hold("custom", "freeze", ANNA));
    assertEquals(ChannelState.HELD, status().state());
    assertEquals("freeze", status().reason());
    assertNotNull(status().hold());
    assertInstanceOf(Failed.class, following.refreshNow("custom").orElseThrow());
    assertEquals(1, cache.looks.get());
    assertEquals(Optional.of(first), releases.head("custom"));
    cache.outcomes.add(new Updated(second, first.digest(), 1));
    assertInstanceOf(FollowOutcome.Done.class, following.follow("custom", ANNA, null));
    await(() -> releases.head("custom").equals(Optional.of(second))); // looked at at once
    awaitState(ChannelState.FOLLOWING);
    assertEquals(List.of("channel.hold", "channel.follow", "refresh.activate"), events());
  }

  @Test
  void a_hold_outlives_a_restart() {
    cache.held.add(first);
    following.hold("custom", "freeze", ANNA);
    releases.decide(Decisions.NONE);
    changes = Changes.open(folder.resolve("state"), releases, audited::add);
    try (Following again = following(releases, FollowListener.NONE)) {
      again.start();
      assertEquals(ChannelState.HELD, again.statuses().getFirst().state());
      assertEquals(Optional.of(first), releases.head("custom"));
      assertInstanceOf(Failed.class, again.refreshNow("custom").orElseThrow());
      assertEquals(0, cache.looks.get());
    }
  }

  @Test
  void a_look_that_is_under_way_does_not_move_the_head_of_a_channel_held_meanwhile() {
    cache.held.add(first);
    following.start();
    await(() -> cache.looks.get() == 1);
    following.hold("custom", "", ANNA);
    cache.outcomes.add(new Updated(second, first.digest(), 1));
    await(() -> status().failures() == 1);
    assertEquals(Optional.of(first), releases.head("custom"));
    assertEquals(List.of("channel.hold"), events());
  }

  @Test
  void following_again_can_accept_a_digest_that_was_replaced_before() {
    following.start();
    assertInstanceOf(FollowOutcome.Done.class, following.follow("custom", ANNA, first.digest()));
    assertEquals(List.of(first.digest()), cache.accepted);
    assertEquals(List.of("channel.accept"), events());
    assertEquals(
        FollowOutcome.Grounds.NO_SUCH_CHANNEL,
        assertInstanceOf(FollowOutcome.Refused.class, following.follow("x", ANNA, null)).grounds());
  }

  @Test
  void what_was_to_be_accepted_and_cannot_be_written_down_is_told_as_failed() {
    cache.fault.set(new Failed(Trouble.NO_SPACE, "no space left on device", null));
    FollowOutcome.Refused refused =
        assertInstanceOf(
            FollowOutcome.Refused.class, following.follow("custom", ANNA, first.digest()));
    assertEquals(FollowOutcome.Grounds.NOT_RECORDED, refused.grounds());
    assertEquals(
        List.of("channel.accept ok", "channel.accept failed"),
        audited.stream().map(event -> event.event() + " " + event.outcome()).toList());
  }

  @Test
  void what_is_not_let_in_is_audited_once_for_each_image() {
    cache.held.add(first);
    following.start();
    var rejected = new Rejected(second.digest(), Refresh.Grounds.SIGNATURE, "not signed");
    cache.outcomes.add(rejected);
    awaitState(ChannelState.REJECTED_SIGNATURE);
    for (int i = 0; i < 3; i++) {
      cache.outcomes.add(rejected);
      following.refreshNow("custom");
    }
    cache.outcomes.add(new Failed(Trouble.UNREACHABLE, "down", null));
    following.refreshNow("custom");
    cache.outcomes.add(rejected);
    following.refreshNow("custom");
    cache.outcomes.add(new Refresh.Held(second.digest(), Refresh.Caution.ROLLBACK, "went back"));
    following.refreshNow("custom");
    assertEquals(ChannelState.HELD_ROLLBACK, status().state());
    assertEquals(List.of("refresh.reject", "refresh.hold"), events());
    assertEquals("signature", audited.getFirst().details().get("grounds"));
  }

  @Test
  void s_12_a_head_whose_key_is_revoked_gives_way_to_the_newest_release_that_is_trusted() {
    cache.held.addAll(List.of(second, first));
    following.start();
    cache.revoked.add(second.digest());
    following.recheck();
    assertEquals(Optional.of(first), releases.head("custom"));
    assertEquals(Optional.empty(), releases.release(second.digest()));
    cache.revoked.add(first.digest());
    following.recheck();
    assertEquals(Optional.empty(), releases.head("custom"));
    assertInstanceOf(AssetLookup.NotReady.class, releases.lookup("talos/custom/vmlinuz-arm64"));
    assertEquals(List.of("release.revoke", "release.revoke"), events());
  }

  @Test
  void s_13_a_registry_that_says_nothing_for_a_day_raises_an_alarm() {
    cache.held.add(first);
    cache.outcomes.add(new Unchanged(first));
    following.start();
    awaitState(ChannelState.FOLLOWING);
    nanos.addAndGet(Duration.ofHours(24).toNanos() - 1);
    assertEquals(List.of(), alarms());
    nanos.incrementAndGet();
    assertEquals(List.of(ChannelStatus.Kind.STALE_CHECK), alarms());
    String alarm = "moonboot_channel_alarm{alarm=\"stale_check\",channel=\"custom\"}";
    assertTrue(meters.scrape().contains(alarm + " 1"), meters.scrape());
    assertEquals(Optional.of(first), releases.head("custom"));
    cache.outcomes.add(new Unchanged(first));
    following.refreshNow("custom");
    assertEquals(List.of(), alarms());
    assertTrue(meters.scrape().contains(alarm + " 0"), meters.scrape());
  }

  @Test
  void s_13_without_any_good_look_the_day_counts_from_the_start() {
    cache.held.add(first);
    nanos.addAndGet(Duration.ofHours(24).toNanos());
    assertEquals(List.of(ChannelStatus.Kind.STALE_CHECK), alarms());
  }

  @Test
  void r_18_a_tag_that_is_missing_three_times_raises_an_alarm_and_the_head_stays() {
    cache.held.add(first);
    following.start();
    for (int i = 1; i <= 3; i++) {
      assertEquals(List.of(), alarms());
      cache.outcomes.add(new Failed(Trouble.TAG_MISSING, "no such tag", null));
      int failures = i;
      if (i > 1) {
        following.refreshNow("custom");
      }
      await(() -> status().failures() == failures);
    }
    assertEquals(List.of(ChannelStatus.Kind.TAG_MISSING), alarms());
    assertEquals(Optional.of(first), releases.head("custom"));
  }

  @Test
  void s_15_a_head_that_was_made_again_with_other_bytes_raises_an_alarm() {
    cache.held.add(first);
    cache.outcomes.add(new Unchanged(first));
    following.start();
    awaitState(ChannelState.FOLLOWING);
    assertEquals(List.of(), alarms());
    Remade remade = new Remade(first.digest(), Instant.EPOCH, List.of("initramfs-arm64.xz"));
    cache.remade.add(remade);
    assertEquals(
        List.of(new ChannelStatus.Alarm(ChannelStatus.Kind.REMADE, remade.why())),
        status().alarms());
    String alarm = "moonboot_channel_alarm{alarm=\"remade\",channel=\"custom\"}";
    assertTrue(meters.scrape().contains(alarm + " 1"), meters.scrape());
    changes.remade(remade);
    assertEquals(List.of("release.remade"), events());
  }

  @Test
  void a_missing_program_is_a_state_of_its_own_and_the_head_serves() {
    cache.held.add(first);
    cache.outcomes.add(new Failed(Trouble.PROGRAM_MISSING, "an ISO image needs xorriso", null));
    following.start();
    awaitState(ChannelState.PROGRAM_MISSING);
    assertEquals("an ISO image needs xorriso", status().reason());
    assertEquals(Optional.of(first), releases.head("custom"));
  }
}
