package dev.moonboot.assets.cache;

import static dev.moonboot.assets.Arch.ARM64;
import static dev.moonboot.assets.cache.CacheFixture.channel;
import static dev.moonboot.assets.cache.CacheFixture.refresh;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Head;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Caution;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Held;
import dev.moonboot.assets.Refresh.Trouble;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tag that goes back, and what a channel remembers for it. */
class RollbackTest {
  private static final Channel DEMO = channel("custom", "demo", ARM64);
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir Path root;
  private final ToyPolicy.Signatures signatures = new ToyPolicy.Signatures();
  private CacheFixture fixture;
  private AssetCache cache;

  @BeforeEach
  void open() {
    fixture = new CacheFixture(root);
    cache = fixture.open();
  }

  @AfterEach
  void close() throws IOException {
    CacheFixture.assertWhole(root, cache, DEMO);
    cache.close();
  }

  private void reopen() {
    cache.close();
    cache = fixture.open();
  }

  private Digest push(String seed) {
    return fixture.registry.push("demo", seed, ARM64);
  }

  private Digest updated(Digest image) {
    Release head = assertInstanceOf(Updated.class, refresh(cache, DEMO)).head();
    assertEquals(image, head.digest());
    return image;
  }

  private void held(Digest image) {
    Refresh outcome = refresh(cache, DEMO);
    Held held = assertInstanceOf(Held.class, outcome, outcome.toString());
    assertEquals(image, held.digest());
    assertEquals(Caution.ROLLBACK, held.caution());
  }

  private List<Digest> history() {
    return cache.history(DEMO).stream().map(Head::release).toList();
  }

  @Test
  void s_09_a_tag_that_goes_back_is_held_also_after_a_restart() {
    Digest a = updated(push("a"));
    Digest b = updated(push("b"));
    Digest c = updated(push("c"));
    for (Digest old : List.of(a, b, a)) {
      fixture.registry.tag("demo", old);
      held(old);
      reopen();
      held(old);
      assertEquals(Optional.of(c), cache.head(DEMO).map(Release::digest));
    }
    assertEquals(
        new Held(
            a,
            Caution.ROLLBACK,
            "registry.example/acme/talos:demo went back to "
                + a
                + ", which was replaced before: accept it, or pin it, if that is meant"),
        refresh(cache, DEMO));
    fixture.registry.tag("demo", c);
    assertInstanceOf(Unchanged.class, refresh(cache, DEMO));
  }

  @Test
  void s_09_what_somebody_accepts_becomes_the_head_once() {
    Digest a = updated(push("a"));
    Digest b = updated(push("b"));
    fixture.registry.tag("demo", a);
    held(a);
    cache.accept(DEMO, a);
    reopen();
    assertEquals(b, assertInstanceOf(Updated.class, refresh(cache, DEMO)).previous());
    assertEquals(List.of(a, b), history());
    fixture.registry.tag("demo", b);
    held(b);
    cache.accept(DEMO, b);
    updated(b);
    fixture.registry.tag("demo", a);
    held(a);
  }

  @Test
  void s_09_what_was_deleted_since_is_held_all_the_same() throws IOException {
    Digest a = updated(push("a"));
    updated(push("b"));
    cache.close();
    Files.delete(root.resolve("releases/" + a.fileName() + ".json"));
    cache = fixture.open();
    fixture.registry.tag("demo", a);
    held(a);
  }

  @Test
  void a_channel_that_follows_another_image_begins_a_history_of_its_own() {
    Digest a = updated(push("a"));
    Digest b = updated(push("b"));
    fixture.registry.tag("other", a);
    Channel other = channel("custom", "other", ARM64);
    assertEquals(a, assertInstanceOf(Updated.class, refresh(cache, other)).head().digest());
    assertEquals(b, assertInstanceOf(Updated.class, refresh(cache, DEMO)).head().digest());
    fixture.registry.tag("demo", a);
    held(a);
  }

  @Test
  void a_digest_that_a_person_wrote_down_is_no_going_back() {
    Digest a = updated(push("a"));
    updated(push("b"));
    var image = new ImageReference(DEMO.image().source(), "demo", a);
    Channel fixed = new Channel("custom", image, List.of(ARM64));
    assertEquals(a, assertInstanceOf(Updated.class, refresh(cache, fixed)).head().digest());
  }

  @Test
  void where_the_policy_says_so_a_tag_may_go_back() {
    Digest a = updated(push("a"));
    updated(push("b"));
    signatures.sign(a, "alice");
    cache.policy(ToyPolicy.trusting(signatures, "alice").withRollback(false, Duration.ZERO));
    fixture.registry.tag("demo", a);
    updated(a);
  }

  @Test
  void s_09_a_signature_older_than_that_of_the_head_is_held_unless_accepted() {
    cache.policy(ToyPolicy.trusting(signatures, "alice"));
    Digest a = push("a");
    signatures.sign(a, "alice", NOON);
    updated(a);
    Digest within = push("within the slack");
    signatures.sign(within, "alice", NOON.minus(Duration.ofHours(1)));
    updated(within);
    Digest older = push("never seen, and signed before");
    signatures.sign(older, "alice", NOON.minus(Duration.ofHours(2)).minusNanos(1));
    held(older);
    assertEquals(List.of(within, a), history());
    cache.accept(DEMO, older);
    updated(older);
    Digest undated = push("says nothing of when");
    signatures.sign(undated, "alice");
    updated(undated);
  }

  @Test
  void the_history_tells_since_when_each_was_the_head() {
    Instant start = Instant.now().minusMillis(1);
    Digest a = updated(push("a"));
    Digest b = updated(push("b"));
    reopen();
    List<Head> history = cache.history(DEMO);
    assertEquals(List.of(b, a), history());
    assertTrue(start.isBefore(history.get(1).since()));
    assertTrue(!history.get(0).since().isBefore(history.get(1).since()));
    assertEquals(List.of(), cache.history(channel("other", "demo", ARM64)));
  }

  @Test
  void who_is_asked_before_a_head_moves_can_prevent_it_and_the_next_look_moves_it() {
    Digest a = updated(push("a"));
    Digest b = push("b");
    Refresh refused =
        cache.refresh(
            DEMO,
            Progress.NONE,
            (next, previous) -> {
              assertEquals(b, next.digest());
              assertEquals(a, previous);
              assertEquals(Optional.of(a), cache.head(DEMO).map(Release::digest));
              return Optional.of("it cannot be written down");
            });
    assertEquals(new Failed(Trouble.READ_ONLY, "it cannot be written down", null), refused);
    assertEquals(List.of(a), history());
    reopen();
    assertEquals(Optional.of(a), cache.head(DEMO).map(Release::digest));
    int downloads = fixture.registry.layerDownloads();
    updated(b);
    assertEquals(downloads, fixture.registry.layerDownloads());
  }

  @Test
  void nobody_is_asked_where_no_head_moves() {
    updated(push("a"));
    assertInstanceOf(
        Unchanged.class,
        cache.refresh(
            DEMO,
            Progress.NONE,
            (_, _) -> {
              throw new AssertionError("asked");
            }));
  }
}
