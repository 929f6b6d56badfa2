package dev.moonboot.assets.cache;

import static dev.moonboot.assets.Arch.ARM64;
import static dev.moonboot.assets.cache.CacheFixture.channel;
import static dev.moonboot.assets.cache.CacheFixture.refresh;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Refresh.Caution;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Grounds;
import dev.moonboot.assets.Refresh.Held;
import dev.moonboot.assets.Refresh.Rejected;
import dev.moonboot.assets.Refresh.Trouble;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.verify.AdmissionPolicy;
import dev.moonboot.assets.verify.Standing;
import dev.moonboot.files.SealedFile;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the policy lets in, and what becomes of what it let in once. */
class AdmissionTest {
  private static final Channel DEMO = channel("custom", "demo", ARM64);
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir Path root;
  private final ToyPolicy.Signatures signatures = new ToyPolicy.Signatures();
  private final ToyPolicy alice = ToyPolicy.trusting(signatures, "alice");
  private CacheFixture fixture;
  private AssetCache cache;

  @BeforeEach
  void open() {
    fixture = new CacheFixture(root);
    fixture.policy = alice;
    cache = fixture.open();
  }

  @AfterEach
  void close() throws IOException {
    CacheFixture.assertWhole(root, cache, DEMO);
    cache.close();
  }

  private void reopen(AdmissionPolicy policy) {
    cache.close();
    fixture.policy = policy;
    cache = fixture.open();
  }

  private Digest push(String seed) {
    return fixture.registry.push("demo", seed, ARM64);
  }

  private Release signed(String seed, String signer) {
    Digest image = push(seed);
    signatures.sign(image, signer, NOON);
    Release head = assertInstanceOf(Updated.class, refresh(cache, DEMO)).head();
    assertEquals(image, head.digest());
    return head;
  }

  private Optional<Digest> head() {
    return cache.head(DEMO).map(Release::digest);
  }

  private Standing standing(Release release) {
    return cache.standing(release.digest()).orElseThrow();
  }

  @Test
  void an_unsigned_image_is_rejected_before_anything_of_it_is_fetched() {
    Release before = signed("one", "alice");
    int reads = fixture.registry.manifestReads.get();
    int downloads = fixture.registry.layerDownloads();
    Digest image = push("two");
    var expected =
        new Rejected(
            image, Grounds.SIGNATURE, "registry.example/acme/talos:demo: nobody signed it");
    assertEquals(expected, refresh(cache, DEMO));
    assertEquals(Optional.of(before.digest()), head());
    assertEquals(reads, fixture.registry.manifestReads.get());
    assertEquals(downloads, fixture.registry.layerDownloads());
  }

  @Test
  void a_refusal_holds_for_a_while_and_is_forgotten_with_the_policy() {
    Digest image = push("one");
    assertInstanceOf(Rejected.class, refresh(cache, DEMO));
    signatures.sign(image, "bob");
    assertInstanceOf(Rejected.class, refresh(cache, DEMO));
    assertEquals(1, signatures.asked.get());
    cache.policy(ToyPolicy.trusting(signatures, "bob"));
    assertEquals(image, assertInstanceOf(Updated.class, refresh(cache, DEMO)).head().digest());
  }

  @Test
  void what_let_a_release_in_is_kept_with_it() {
    Release release = signed("one", "alice");
    var proof =
        ToyPolicy.proof(release.digest(), "alice", NOON, "signature of " + release.digest());
    var expected = new Admission(Admission.Mode.REQUIRE, "*", proof, "");
    assertEquals(expected, release.admission());
    reopen(alice);
    assertEquals(expected, cache.head(DEMO).orElseThrow().admission());
  }

  @Test
  void s_13_a_signature_that_is_too_old_holds_the_head_and_what_got_old_here_is_served_on() {
    Release before = signed("one", "alice");
    Digest image = push("two");
    signatures.sign(image, "alice", NOON);
    cache.policy(alice.notBefore(NOON.plusSeconds(1)));
    Held held = assertInstanceOf(Held.class, refresh(cache, DEMO));
    assertEquals(Caution.AGE, held.caution());
    assertEquals(image, held.digest());
    assertEquals(new Standing.Flagged("signed long ago"), standing(before));
    fixture.registry.tag("demo", before.digest());
    assertEquals(new Unchanged(before), refresh(cache, DEMO));
    assertEquals(Optional.of(before), cache.release(before.digest()));
  }

  @Test
  void s_14_at_a_start_every_release_is_checked_without_a_network() {
    Release one = signed("one", "alice");
    Release two = signed("two", "alice");
    int asked = signatures.asked.get();
    int resolves = fixture.registry.resolves.get();
    reopen(ToyPolicy.trusting(signatures, "alice"));
    assertEquals(new Standing.Good(), standing(one));
    assertEquals(new Standing.Good(), standing(two));
    assertEquals(List.of(two, one), cache.releases(DEMO));
    assertEquals(asked, signatures.asked.get());
    assertEquals(resolves, fixture.registry.resolves.get());
    assertEquals(new Unchanged(two), refresh(cache, DEMO));
    assertEquals(asked, signatures.asked.get());
  }

  @Test
  void s_12_a_key_that_is_only_gone_flags_what_it_signed_and_that_is_served_on() {
    Release one = signed("one", "alice");
    cache.policy(ToyPolicy.trusting(signatures, "bob"));
    assertEquals(new Standing.Flagged("alice is not trusted any more"), standing(one));
    assertEquals(new Unchanged(one), refresh(cache, DEMO));
    reopen(ToyPolicy.trusting(signatures, "bob"));
    assertEquals(Optional.of(one), cache.head(DEMO));
    signatures.sign(one.digest(), "bob"); // and once it is signed anew, all is well
    fixture.nanos.addAndGet(Duration.ofMinutes(15).toNanos());
    Release again = assertInstanceOf(Unchanged.class, refresh(cache, DEMO)).head();
    assertEquals(new Standing.Good(), standing(again));
    reopen(ToyPolicy.trusting(signatures, "bob"));
    assertEquals(new Standing.Good(), standing(again));
  }

  @Test
  void s_12_what_a_revoked_key_signed_is_not_served_and_the_newest_trusted_one_is()
      throws IOException {
    fixture.policy = ToyPolicy.trusting(signatures, "alice", "bob");
    reopen(fixture.policy);
    Release oldest = signed("one", "alice");
    Release trusted = signed("two", "alice");
    Release revoked = signed("three", "bob");
    AdmissionPolicy without = ToyPolicy.trusting(signatures, "alice", "bob").revoking("bob");
    cache.policy(without);
    for (int start = 0; start < 2; start++) {
      assertEquals(Optional.of(trusted), cache.head(DEMO));
      assertEquals(List.of(trusted, oldest), cache.releases(DEMO));
      assertEquals(Optional.empty(), cache.release(revoked.digest()));
      assertEquals(new Standing.Revoked("bob is revoked"), standing(revoked));
      assertEquals(Optional.of("bob is revoked"), cache.revoked(revoked.digest()));
      assertEquals(Optional.empty(), cache.revoked(trusted.digest()));
      assertEquals(3, cache.all().size());
      assertInstanceOf(Rejected.class, refresh(cache, DEMO)); // the tag still names it
      assertEquals(Optional.of(trusted), cache.head(DEMO));
      reopen(without);
    }
    fixture.registry.tag("demo", trusted.digest()); // what nodes get anyway is no going back
    assertEquals(new Unchanged(trusted), refresh(cache, DEMO));
    Release next = signed("four", "alice");
    assertEquals(Optional.of(next), cache.head(DEMO));
  }

  @Test
  void s_12_what_only_a_revoked_key_signed_is_fetched_again_once_another_has() {
    fixture.policy = ToyPolicy.trusting(signatures, "alice", "bob");
    reopen(fixture.policy);
    Release release = signed("one", "bob");
    cache.policy(ToyPolicy.trusting(signatures, "alice", "bob").revoking("bob"));
    assertEquals(Optional.empty(), cache.head(DEMO));
    signatures.sign(release.digest(), "alice");
    int downloads = fixture.registry.layerDownloads();
    refresh(cache, DEMO);
    assertEquals(Optional.of(release.digest()), head());
    assertEquals(downloads, fixture.registry.layerDownloads());
  }

  @Test
  void a_broken_proof_is_none_and_its_release_is_not_served() throws IOException {
    Release one = signed("one", "alice");
    Release two = signed("two", "alice");
    cache.close();
    Path record = root.resolve("releases/" + two.digest().fileName() + ".json");
    Json.Obj before = SealedFile.read(record);
    String text = before.pretty().replace("signature of " + two.digest(), "c2lnbmF0dXJl");
    Map<String, Json> members = new LinkedHashMap<>(((Json.Obj) JsonText.parse(text)).members());
    members.remove("schema");
    SealedFile.write(record, new Json.Obj(members), Files.getPosixFilePermissions(record));
    cache = fixture.open();
    assertEquals(Optional.of(one.digest()), head());
    assertEquals(
        Optional.of("its proof cannot be read: no signature of it"), cache.revoked(two.digest()));
  }

  @Test
  void a_release_that_another_channel_brought_is_checked_under_this_channels_name() {
    Digest image = fixture.registry.push("dev", "one", ARM64);
    fixture.registry.tag("demo", image);
    Channel dev = channel("dev", "dev", ARM64);
    assertInstanceOf(Updated.class, refresh(cache, dev));
    assertEquals(
        Grounds.SIGNATURE, assertInstanceOf(Rejected.class, refresh(cache, DEMO)).grounds());
    assertEquals(Optional.empty(), head());
    signatures.sign(image, "alice");
    fixture.nanos.addAndGet(Duration.ofMinutes(15).toNanos());
    int downloads = fixture.registry.layerDownloads();
    assertInstanceOf(Updated.class, refresh(cache, DEMO));
    assertEquals(downloads, fixture.registry.layerDownloads());
    int asked = signatures.asked.get();
    reopen(alice); // its proof is kept: nobody is asked again
    assertInstanceOf(Unchanged.class, refresh(cache, DEMO));
    assertInstanceOf(Unchanged.class, refresh(cache, dev));
    assertEquals(asked, signatures.asked.get());
  }

  @Test
  void signatures_that_cannot_be_asked_for_are_no_verdict() {
    Release before = signed("one", "alice");
    Digest image = push("two");
    AdmissionPolicy cut = new UnreachableSignatures(alice);
    cache.policy(cut);
    assertEquals(
        Trouble.UNREACHABLE, assertInstanceOf(Failed.class, refresh(cache, DEMO)).trouble());
    assertEquals(Optional.of(before), cache.head(DEMO));
    cache.policy(alice);
    signatures.sign(image, "alice", NOON);
    assertInstanceOf(Updated.class, refresh(cache, DEMO));
  }
}
