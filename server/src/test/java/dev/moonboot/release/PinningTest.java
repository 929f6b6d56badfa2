package dev.moonboot.release;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.WallClock;
import dev.moonboot.journal.Actor;
import dev.moonboot.journal.AuditEvent;
import dev.moonboot.journal.AuditException;
import dev.moonboot.release.PinOutcome.Grounds;
import dev.moonboot.release.PinOutcome.Pinned;
import dev.moonboot.release.PinOutcome.Refused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PinningTest {
  private static final Actor ANNA = new Actor(Actor.Type.TOKEN, "anna", "127.0.0.1:5000 admin");

  @TempDir Path folder;
  private final FakeReleaseCache cache = new FakeReleaseCache();
  private final List<AuditEvent> audited = new CopyOnWriteArrayList<>();
  private final Releases releases =
      new Releases(
          List.of(SampleReleases.channel("custom"), SampleReleases.channel("edge", ARM64)), null);
  private Instant now = WallClock.BUILT.plus(Duration.ofDays(1));
  private volatile boolean auditFails;
  private SampleReleases samples;
  private Release oldest;
  private Release older;
  private Release head;
  private Changes changes;
  private Pinning pinning;

  @BeforeEach
  void start() {
    samples = new SampleReleases(folder);
    oldest = samples.release("oldest", AMD64, ARM64);
    older = samples.release("older", AMD64, ARM64);
    head = samples.release("the head", AMD64, ARM64);
    cache.history("custom", oldest, older, head);
    restart();
  }

  private void restart() {
    changes = Changes.open(folder.resolve("state"), releases, this::audit);
    releases.advance("custom", cache.releases(SampleReleases.channel("custom")));
    pinning = new Pinning(cache, releases, changes, PinningTest::channelOf, () -> now);
  }

  private void audit(AuditEvent event) {
    if (auditFails) {
      throw new AuditException("no space left", new IllegalStateException());
    }
    audited.add(event);
  }

  private static ProfileChannel channelOf(String profile) {
    return switch (profile) {
      case "talos", "canary" -> new ProfileChannel.Follows(profile, "custom");
      case "edge" -> new ProfileChannel.Follows(profile, "edge");
      case "two" -> new ProfileChannel.NoneOfOurs(profile, "it names more than one channel: a, b");
      default -> new ProfileChannel.Unknown();
    };
  }

  private PinOutcome pin(String profile, String target) {
    return pin(profile, target, PinOrder.of("test", ANNA));
  }

  private PinOutcome pin(String profile, String target, PinOrder order) {
    return pinning.pin(profile, PinTarget.parse(target), order, Progress.NONE);
  }

  private Pin pinned(PinOutcome outcome) {
    return assertInstanceOf(Pinned.class, outcome, outcome.toString()).pin();
  }

  private void assertRefused(Grounds grounds, PinOutcome outcome) {
    Effective before = new Effective(head, Effective.By.CHANNEL);
    assertEquals(grounds, assertInstanceOf(Refused.class, outcome, outcome.toString()).grounds());
    assertEquals(Optional.of(before), releases.effective("talos", "custom"));
    assertEquals(Map.of(), changes.now().pins());
  }

  private Optional<Digest> boots(String profile) {
    return releases.effective(profile, "custom").map(boots -> boots.release().digest());
  }

  @Test
  void a_release_of_something_else_is_nothing_to_boot() {
    Release programs = samples.files("programs", Content.LOADERS, ARM64, "ipxe.efi");
    cache.hold(programs);
    PinOutcome outcome = pin("edge", programs.digest().toString());
    assertEquals(
        new Refused(Grounds.CONTENT, programs.digest() + " holds loaders, nothing to boot"),
        outcome);
    assertEquals(Map.of(), changes.now().pins());
  }

  @Test
  void a_pin_is_in_force_when_it_is_told_and_after_a_restart() {
    Instant expires = now.plusSeconds(3600);
    PinOrder order = new PinOrder("bad network driver", expires, ANNA, 0L);
    Pin expected =
        new Pin(
            "talos",
            "custom",
            older.digest(),
            "bad network driver",
            ANNA,
            now,
            expires,
            head.digest(),
            1);
    assertEquals(
        new Pinned(expected, older, false), pin("talos", older.digest().toString(), order));
    assertEquals(
        Optional.of(new Effective(older, Effective.By.PIN)), releases.effective("talos", "custom"));
    assertEquals(Optional.of(head.digest()), boots("canary"));
    releases.decide(Decisions.NONE);
    restart();
    assertEquals(Map.of("talos", expected), changes.now().pins());
    assertEquals(Optional.of(older.digest()), boots("talos"));
    assertEquals(
        List.of(
            new AuditEvent(
                "pin.set",
                "ok",
                "bad network driver",
                ANNA,
                Map.of("profile", "talos", "channel", "custom"),
                Map.of(
                    "from", head.digest().toString(),
                    "to", older.digest().toString(),
                    "expires", expires.toString(),
                    "revision", "1"))),
        audited);
  }

  @Test
  void a_pin_stays_when_the_head_moves_and_another_profile_follows() {
    pin("talos", head.digest().toString());
    Release next = samples.release("next", AMD64, ARM64);
    cache.history("custom", next);
    releases.advance("custom", cache.releases(SampleReleases.channel("custom")));
    assertEquals(Optional.of(head.digest()), boots("talos"));
    assertEquals(Optional.of(next.digest()), boots("canary"));
    PinOutcome.Unpinned unpinned =
        assertInstanceOf(
            PinOutcome.Unpinned.class, pinning.unpin("talos", PinOrder.of("fine", ANNA)));
    assertEquals(head.digest(), unpinned.was().release());
    assertEquals(Optional.of(next.digest()), boots("talos"));
  }

  @Test
  void a_rollback_goes_one_step_further_back_each_time_and_asks_no_network() {
    cache.down = true;
    PinOrder order = PinOrder.of("incident 7", ANNA);
    assertEquals(older.digest(), pinned(pinning.rollback("talos", order)).release());
    assertEquals(Optional.of(older.digest()), boots("talos"));
    assertEquals(oldest.digest(), pinned(pinning.rollback("talos", order)).release());
    assertEquals(
        Grounds.NO_PREVIOUS,
        assertInstanceOf(Refused.class, pinning.rollback("talos", order)).grounds());
    assertEquals(Optional.of(oldest.digest()), boots("talos"));
    assertEquals(0, cache.fetches.get());
  }

  @Test
  void from_a_release_of_no_channel_a_rollback_leads_to_what_its_pin_replaced() {
    Release other = samples.release("of another channel", AMD64, ARM64);
    cache.hold(other);
    pin("talos", other.digest().toString());
    assertEquals(head.digest(), pinned(pinning.rollback("talos", PinOrder.of("", ANNA))).release());
  }

  @Test
  void a_version_means_the_release_that_is_held_and_else_the_tag_of_that_name() {
    assertEquals(older.digest(), pinned(pin("talos", older.version())).release());
    Release tagged = samples.release("tagged v1.14.0", AMD64, ARM64);
    cache.push(tagged, "v1.14.0");
    PinOutcome outcome = pin("talos", "v1.14.0");
    assertEquals(tagged.digest(), pinned(outcome).release());
    assertEquals(new Pinned(pinned(outcome), tagged, true), outcome);
    assertEquals(1, cache.fetches.get());
  }

  @Test
  void a_version_that_several_releases_have_is_refused_with_their_digests() {
    Release twin = samples.release("elder", AMD64, ARM64); // as long as older: the same version
    cache.hold(twin);
    PinOutcome outcome = pin("talos", older.version());
    assertRefused(Grounds.AMBIGUOUS, outcome);
    String why = ((Refused) outcome).why();
    assertTrue(
        why.contains(twin.digest().toString()) && why.contains(older.digest().toString()), why);
  }

  @Test
  void a_10_what_is_not_held_is_fetched_first_and_not_pinned_when_the_registry_is_down() {
    Release far = samples.release("far away", AMD64, ARM64);
    cache.push(far);
    cache.down = true;
    assertRefused(Grounds.NOT_AVAILABLE, pin("talos", far.digest().toString()));
    assertEquals("refused", audited.getLast().outcome());
    cache.down = false;
    PinOutcome outcome = pin("talos", far.digest().toString());
    assertEquals(new Pinned(pinned(outcome), far, true), outcome);
    assertEquals(Optional.of(far.digest()), boots("talos"));
  }

  @Test
  void a_11_what_the_policy_refuses_is_refused_with_its_verdict_and_audited() {
    Release unsigned = samples.release("unsigned", AMD64, ARM64);
    cache.pushUnsigned(unsigned);
    PinOutcome outcome = pin("talos", unsigned.digest().toString());
    assertRefused(Grounds.POLICY, outcome);
    String why = ((Refused) outcome).why();
    assertTrue(why.contains("no signature by release.pub"), why);
    assertEquals(
        new AuditEvent(
            "pin.set",
            "refused",
            "test",
            ANNA,
            Map.of("profile", "talos"),
            Map.of("grounds", "POLICY", "why", why)),
        audited.getLast());
    cache.revoke(older.digest(), "its key is revoked");
    assertRefused(Grounds.POLICY, pin("talos", older.digest().toString()));
    assertEquals(
        oldest.digest(),
        pinned(pinning.rollback("talos", PinOrder.of("", ANNA))).release(),
        "a revoked release is no way back");
  }

  @Test
  void what_cannot_be_pinned_is_refused_with_the_reason() {
    Release half = samples.release("half of it", ARM64);
    cache.hold(half).push(half);
    assertRefused(Grounds.MISSING_ARCH, pin("talos", half.digest().toString()));
    assertRefused(Grounds.NO_SUCH_RELEASE, pin("talos", "v9.9.9"));
    assertRefused(Grounds.NO_SUCH_PROFILE, pin("nobody", older.digest().toString()));
    assertRefused(Grounds.NOT_PINNABLE, pin("two", older.digest().toString()));
    assertRefused(Grounds.NOT_PINNED, pinning.unpin("talos", PinOrder.of("", ANNA)));
    assertRefused(Grounds.INVALID, pin("talos", "previous", PinOrder.of("x".repeat(513), ANNA)));
    PinOrder late = new PinOrder("", now.minusSeconds(1), ANNA, null);
    assertRefused(Grounds.INVALID, pin("talos", "previous", late));
    releases.damaged(Set.of(older.digest()), releases::held);
    assertRefused(Grounds.NOT_AVAILABLE, pin("talos", older.digest().toString()));
    assertRefused(Grounds.NO_PREVIOUS, pinning.rollback("edge", PinOrder.of("", ANNA)));
  }

  @Test
  void a_12_of_two_orders_for_the_same_revision_one_is_stale() {
    PinOrder first = new PinOrder("", null, ANNA, 0L);
    long revision = pinned(pin("talos", "previous", first)).revision();
    assertEquals(
        Grounds.STALE, assertInstanceOf(Refused.class, pin("talos", "previous", first)).grounds());
    PinOrder next = new PinOrder("", null, ANNA, revision);
    assertEquals(oldest.digest(), pinned(pin("talos", oldest.digest().toString(), next)).release());
    assertEquals(
        Grounds.STALE, assertInstanceOf(Refused.class, pinning.unpin("talos", next)).grounds());
    assertEquals(Optional.of(oldest.digest()), boots("talos"));
  }

  @Test
  void promote_takes_what_another_profile_boots() {
    Release next = samples.release("next", AMD64, ARM64);
    cache.hold(next);
    pin("canary", next.digest().toString());
    PinOutcome outcome = pinning.promote("talos", "canary", PinOrder.of("a week is over", ANNA));
    assertEquals(next.digest(), pinned(outcome).release());
    assertEquals(Optional.of(next.digest()), boots("talos"));
    assertEquals("pin.promote", audited.getLast().event());
    assertEquals(
        Grounds.NO_SUCH_PROFILE,
        assertInstanceOf(Refused.class, pinning.promote("talos", "nobody", PinOrder.of("", ANNA)))
            .grounds());
    assertEquals(
        Grounds.NOT_AVAILABLE,
        assertInstanceOf(Refused.class, pinning.promote("talos", "edge", PinOrder.of("", ANNA)))
            .grounds());
  }

  @Test
  void a_15_what_cannot_be_written_down_is_not_done() throws Exception {
    auditFails = true;
    assertRefused(Grounds.NOT_RECORDED, pin("talos", "previous"));
    auditFails = false;
    Files.writeString(folder.resolve("state"), "a file where the directory should be");
    assertRefused(Grounds.NOT_RECORDED, pin("talos", "previous"));
    assertEquals(List.of("ok", "failed"), audited.stream().map(AuditEvent::outcome).toList());
    Files.delete(folder.resolve("state"));
    assertEquals(older.digest(), pinned(pin("talos", "previous")).release());
  }

  @Test
  void a_pin_ends_at_its_time_and_never_by_a_clock_that_was_not_set() {
    Instant end = now.plusSeconds(60);
    pin("talos", "previous", new PinOrder("", end, ANNA, null));
    now = Instant.EPOCH;
    pinning.expire();
    assertEquals(Optional.of(older.digest()), boots("talos"));
    now = end.minusMillis(1);
    pinning.expire();
    assertEquals(Optional.of(older.digest()), boots("talos"));
    now = end;
    pinning.expire();
    assertEquals(Optional.of(head.digest()), boots("talos"));
    AuditEvent expired = audited.getLast();
    assertEquals("pin.expire", expired.event());
    assertEquals(Actor.SYSTEM, expired.actor());
  }

  @Test
  void c_20_pinned_releases_are_needed_whatever_their_channel_names() {
    pin("talos", oldest.digest().toString());
    pin("canary", head.digest().toString());
    assertEquals(Set.of(oldest.digest(), head.digest()), pinning.needed());
    pinning.unpin("talos", PinOrder.of("", ANNA));
    assertEquals(Set.of(head.digest()), pinning.needed());
  }

  @Test
  void a_pinned_release_that_is_gone_from_disk_is_waited_for_and_nothing_else_booted() {
    pin("talos", older.digest().toString());
    cache.lose(older.digest());
    releases.keep(cache::all);
    assertEquals(Optional.empty(), releases.effective("talos", "custom"));
    assertEquals(Optional.of(head.digest()), boots("canary"));
  }

  @Test
  void revisions_are_never_given_twice() {
    long first = pinned(pin("talos", "previous")).revision();
    pinning.unpin("talos", PinOrder.of("", ANNA));
    long second = pinned(pin("talos", "previous")).revision();
    releases.decide(Decisions.NONE);
    restart();
    long third = pinned(pin("canary", "previous")).revision();
    assertTrue(first < second && second < third, first + " " + second + " " + third);
  }
}
