package dev.moonboot.assets.cache;

import static dev.moonboot.assets.cache.CacheFixture.refresh;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Admission.Mode;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Composition.Base;
import dev.moonboot.assets.Composition.Part;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Proof.Format;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Caution;
import dev.moonboot.assets.Refresh.Grounds;
import dev.moonboot.assets.Refresh.Held;
import dev.moonboot.assets.Refresh.Rejected;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.verify.AdmissionPolicy;
import dev.moonboot.assets.verify.ImagePattern;
import dev.moonboot.assets.verify.SignaturePolicy;
import dev.moonboot.assets.verify.Signer;
import dev.moonboot.assets.verify.Standing;
import dev.moonboot.assets.verify.TrustPolicy;
import dev.moonboot.assets.verify.TrustRule;
import dev.moonboot.assets.verify.TrustedKey;
import dev.moonboot.testing.CosignFixture;
import dev.moonboot.testing.ExtensionImages;
import dev.moonboot.testing.FakeRegistryRequest.Kind;
import dev.moonboot.testing.TestImage;
import dev.moonboot.testing.TestImages;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the policy says of each input, and what becomes of a release when it says otherwise. */
class ComposedAdmissionTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir Path root;
  private final ToyPolicy.Signatures signatures = new ToyPolicy.Signatures();
  private ComposeLab lab;
  private Digest imager;
  private Digest one;
  private Digest two;
  private Digest three;

  @BeforeEach
  void open() {
    lab = new ComposeLab(root);
    imager = lab.push(ComposeLab.IMAGER, "v1.13.9", TestImages.imager(TestImages.Content.DEFAULT));
    one = lab.push("acme/one", "v1", ExtensionImages.named("one", "v1.0.0"));
    two = lab.push("acme/two", "v1", ExtensionImages.named("two", "v1.0.0"));
    three = lab.push("acme/three", "v1", ExtensionImages.named("three", "v1.0.0"));
    reopen("alice", "bob");
  }

  @AfterEach
  void close() throws IOException {
    Invariants.check(root, lab.cache(), lab.channel());
    lab.close();
  }

  private void reopen(String... trusted) {
    lab.policy = ToyPolicy.trusting(signatures, trusted);
    lab.reopen();
  }

  private void signAll() {
    signatures.sign(imager, "alice", NOON);
    signatures.sign(one, "alice", NOON);
    signatures.sign(two, "bob", NOON);
    signatures.sign(three, "alice", NOON);
  }

  @Test
  void an_unsigned_input_is_rejected_by_its_name_before_anything_is_fetched() {
    signAll();
    Digest unsigned = lab.push("acme/four", "v1", ExtensionImages.named("four", "v1"));
    lab.extensions.add(lab.part("acme/four"));
    lab.registry.forget();
    Rejected rejected = assertInstanceOf(Rejected.class, lab.look());
    assertEquals(Grounds.SIGNATURE, rejected.grounds());
    assertEquals(
        "build:compute: input " + lab.image("acme/four", "v1") + ": nobody signed it",
        rejected.why());
    assertEquals(0, lab.registry.count(Kind.GET_MANIFEST));
    assertEquals(0, lab.registry.count(Kind.BLOB));
    signatures.sign(unsigned, "alice");
    lab.nanos.addAndGet(Duration.ofMinutes(15).toNanos());
    lab.updated();
  }

  @Test
  void an_unsigned_catalog_is_rejected_before_it_is_read() {
    signAll();
    Digest catalog =
        lab.push(
            "siderolabs/extensions",
            "v1.13.9",
            ExtensionImages.catalog(
                List.of(ExtensionImages.line("ghcr.io/siderolabs/one:v1", one))));
    lab.push("siderolabs/one", "v1", ExtensionImages.named("one", "v1.0.0"));
    lab.extensions = new ArrayList<>(List.of(new Part.Official("siderolabs/one")));
    lab.registry.forget();
    Rejected rejected = assertInstanceOf(Rejected.class, lab.look());
    assertEquals(catalog, rejected.digest());
    assertEquals(Grounds.SIGNATURE, rejected.grounds());
    assertEquals(0, lab.registry.count(Kind.GET_MANIFEST));
    signatures.sign(catalog, "bob");
    Release head = lab.updated();
    assertEquals(3, head.admission().inputs().size());
    assertEquals(catalog, head.admission().inputs().getLast().digest());
  }

  @Test
  void what_let_each_input_in_is_kept_with_the_release_and_survives_a_start() {
    signAll();
    Release head = lab.updated();
    assertEquals(Mode.REQUIRE, head.admission().mode());
    assertEquals(
        List.of(imager, one, two, three),
        head.admission().inputs().stream().map(Admission.OfInput::digest).toList());
    assertEquals(
        ToyPolicy.proof(two, "bob", NOON, "signature of " + two),
        head.admission().inputs().get(2).admission().proof());
    lab.reopen();
    assertEquals(Optional.of(head), lab.cache().head(lab.channel()));
    assertEquals(Optional.of(new Standing.Good()), lab.cache().standing(head.digest()));
  }

  @Test
  void a_release_is_let_in_as_strictly_as_its_least_looked_at_input() {
    signAll();
    lab.push("acme/three", "dev", ExtensionImages.named("three", "v1.0.0"));
    lab.extensions.set(2, new Part.Image(lab.image("acme/three", "dev")));
    assertEquals(Mode.OFF, lab.updated().admission().mode());
  }

  @Test
  void s_14_every_input_is_checked_at_a_start_without_a_network() {
    signAll();
    Release head = lab.updated();
    int asked = signatures.asked.get();
    lab.registry.forget();
    reopen("alice", "bob");
    assertEquals(Optional.of(head.digest()), lab.head());
    assertEquals(0, lab.registry.requests().size());
    assertEquals(asked, signatures.asked.get());
    assertInstanceOf(Unchanged.class, lab.look());
    assertEquals(asked, signatures.asked.get());
  }

  @Test
  void s_12_a_revoked_key_of_one_input_stops_serving_and_the_newest_trusted_one_serves() {
    signAll();
    Part second = lab.extensions.remove(1);
    Release without = lab.updated();
    lab.extensions.add(second);
    Release with = lab.updated();
    assertEquals(Optional.of(with.digest()), lab.head());
    var revoking = ToyPolicy.trusting(signatures, "alice", "bob").revoking("bob");
    lab.cache().policy(revoking);
    assertEquals(
        Optional.of("input " + lab.image("acme/two", "v1") + ": bob is revoked"),
        lab.cache().revoked(with.digest()));
    assertEquals(Optional.of(without.digest()), lab.head());
    lab.policy = revoking;
    lab.reopen();
    assertEquals(Optional.of(without.digest()), lab.head());
    assertInstanceOf(Rejected.class, lab.look());
  }

  @Test
  void a_policy_put_in_force_while_a_release_is_made_decides_whether_it_becomes_the_head() {
    signAll();
    Release before = lab.updated();
    signatures.sign(lab.push("acme/two", "v1", ExtensionImages.named("two", "v1.0.1")), "bob");
    Progress tightening =
        new Progress() {
          @Override
          public void step(String name, String detail) {
            if (name.equals("commit")) {
              lab.cache().policy(ToyPolicy.trusting(signatures, "alice"));
            }
          }
        };
    Refresh outcome = lab.cache().refresh(lab.channel(), tightening);
    Rejected rejected = assertInstanceOf(Rejected.class, outcome, outcome.toString());
    assertEquals(Grounds.SIGNATURE, rejected.grounds());
    assertTrue(rejected.why().endsWith(": bob may not sign"), rejected.why());
    assertEquals(Optional.of(before.digest()), lab.head());
    lab.cache().policy(ToyPolicy.trusting(signatures, "alice", "bob"));
    assertEquals(rejected.digest(), lab.updated().digest());
    assertEquals(2, lab.composer.runs.get()); // what was made is there
  }

  @Test
  void s_12_a_key_that_is_only_gone_flags_what_it_signed_and_that_is_served_on() {
    signAll();
    Release head = lab.updated();
    reopen("alice");
    assertEquals(
        Optional.of(
            new Standing.Flagged(
                "input " + lab.image("acme/two", "v1") + ": bob is not trusted any more")),
        lab.cache().standing(head.digest()));
    assertEquals(Optional.of(head.digest()), lab.head());
    assertEquals(new Unchanged(head), lab.look());
  }

  @Test
  void s_13_an_input_whose_signature_is_too_old_holds_the_head() {
    signAll();
    Release head = lab.updated();
    Digest next = lab.push("acme/two", "v1", ExtensionImages.named("two", "v1.0.1"));
    signatures.sign(next, "bob", NOON.minusSeconds(7200));
    lab.cache()
        .policy(ToyPolicy.trusting(signatures, "alice", "bob").notBefore(NOON.minusSeconds(3600)));
    Held held = assertInstanceOf(Held.class, lab.look());
    assertEquals(Caution.AGE, held.caution());
    assertTrue(held.why().contains("input " + lab.image("acme/two", "v1")), held.why());
    assertEquals(Optional.of(head.digest()), lab.head());
  }

  @Test
  void s_09_an_input_signed_longer_ago_than_that_of_the_head_is_held() {
    signAll();
    Release head = lab.updated();
    Digest older = lab.push("acme/two", "v1", ExtensionImages.named("two", "v0.9.0"));
    signatures.sign(older, "bob", NOON.minus(Duration.ofHours(2)));
    Held held = assertInstanceOf(Held.class, lab.look());
    assertEquals(Caution.ROLLBACK, held.caution());
    assertTrue(held.why().startsWith(lab.image("acme/two", "v1") + " went to "), held.why());
    lab.cache().accept(lab.channel(), held.digest());
    assertEquals(Optional.of(head.digest()), lab.head());
    assertEquals(held.digest(), lab.updated().digest());
  }

  @Test
  void what_follows_a_channel_is_judged_by_the_name_of_that_channels_image() {
    signAll();
    assertInstanceOf(Updated.class, refresh(lab.cache(), lab.plain()));
    lab.base = new Base.OfChannel("talos");
    Release head = lab.updated();
    Admission.OfInput base = head.admission().inputs().getFirst();
    assertEquals("channel:talos", base.name());
    assertEquals(lab.image(ComposeLab.IMAGER, "v1.13.9").toString(), base.source());
  }

  @Test
  void s_15_a_damaged_file_is_made_again_with_the_same_bytes() throws IOException {
    signAll();
    Release head = lab.updated();
    Map<?, ?> before = Map.copyOf(head.builds().values().iterator().next().assets());
    lab.registry.untag("acme/two", "v1"); // what is made now is made by the recipe
    CareLab.damage(head);
    lab.cache().scrub(Progress.NONE);
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (lab.cache().release(head.digest()).isEmpty()) {
      assertTrue(System.nanoTime() < end, "it was not healed within 30 s");
      LockSupport.parkNanos(1_000_000);
    }
    Release healed = lab.cache().release(head.digest()).orElseThrow();
    var after = healed.builds().values().iterator().next().assets();
    assertEquals(before.keySet(), after.keySet());
    after.forEach((name, asset) -> {
      if (name != AssetName.RECORD) {
        assertEquals(before.get(name), asset);
      }
    });
  }

  /** What signs the image of each architecture alone covers a catalog, too. */
  @Test
  void s_11_inputs_whose_platforms_are_signed_are_served() {
    CosignFixture signer = CosignFixture.p256();
    TestImage list =
        ExtensionImages.catalog(List.of(ExtensionImages.line("ghcr.io/siderolabs/one:v1", one)));
    TestImage catalog = TestImage.index(false, list.platform(Arch.AMD64));
    sign(signer, "siderolabs/extensions", "v1.13.9", catalog);
    sign(signer, "siderolabs/one", "v1", ExtensionImages.named("one", "v1.0.0"));
    sign(signer, ComposeLab.IMAGER, "v1.13.9", TestImages.imager(TestImages.Content.DEFAULT));
    lab.extensions = new ArrayList<>(List.of(new Part.Official("siderolabs/one")));
    lab.policy = platforms(signer);
    lab.arches = List.of(Arch.ARM64);
    lab.reopen();
    Release head = lab.updated();
    assertEquals(Optional.of(new Standing.Good()), lab.cache().standing(head.digest()));
    assertEquals(Optional.of(head.digest()), lab.head());
    lab.reopen();
    assertEquals(Optional.of(head.digest()), lab.head());
  }

  private void sign(CosignFixture signer, String repository, String tag, TestImage image) {
    lab.push(repository, tag, image);
    image
        .platforms()
        .values()
        .forEach(each -> signer.signBundle(lab.registry, repository, each.manifest().digest()));
  }

  private AdmissionPolicy platforms(CosignFixture signer) {
    TrustedKey key =
        TrustedKey.read(
            signer.writePublicKey(root.resolve("cosign.pub")), TrustedKey.DEFAULT_ALGORITHMS);
    TrustRule rule =
        new TrustRule(
            ImagePattern.parse("*"),
            false,
            Mode.REQUIRE,
            TrustRule.Subject.PLATFORM,
            List.of(Format.BUNDLE_V03),
            List.of(new Signer.Key(key)),
            null);
    return SignaturePolicy.of(
        new TrustPolicy(
            Mode.REQUIRE,
            List.of(rule),
            Set.of(),
            AdmissionPolicy.RollbackRule.DEFAULT,
            TrustPolicy.Limits.DEFAULT));
  }
}
