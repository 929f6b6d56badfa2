package dev.moonboot.assets.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Admission.Mode;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Proof;
import dev.moonboot.assets.Proof.Format;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Grounds;
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
import dev.moonboot.testing.FakeRegistry;
import dev.moonboot.testing.FakeRegistryFault;
import dev.moonboot.testing.FakeRegistryRequest.Kind;
import dev.moonboot.testing.TestImage;
import dev.moonboot.testing.TestImages;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tag that is followed under a policy of signatures, from the registry to the disk and back. */
class SignedTagTest {
  private static final String REPOSITORY = "acme/talos";

  @TempDir Path folder;
  private final CosignFixture signer = CosignFixture.p256();
  private final TestImage image = TestImages.installer(TestImages.Content.DEFAULT);
  private FakeRegistry registry;
  private Channel channel;

  @BeforeEach
  void push() {
    registry = FakeRegistry.startPlain();
    channel = new Channel("custom", registry.reference(REPOSITORY, "demo"), List.of(Arch.ARM64));
    registry.push(REPOSITORY, "demo", image);
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private AssetCache open(Set<Digest> revoked) {
    return AssetCache.open(
        new CacheSettings(
            folder.resolve("cache"),
            folder.resolve("state"),
            registry.settings(),
            3,
            policy(revoked)));
  }

  /** A signature of our key is asked for. */
  private AdmissionPolicy policy(Set<Digest> revoked) {
    TrustedKey key =
        TrustedKey.read(
            signer.writePublicKey(folder.resolve("cosign.pub")), TrustedKey.DEFAULT_ALGORITHMS);
    TrustRule rule =
        new TrustRule(
            ImagePattern.parse("*"),
            false,
            Mode.REQUIRE,
            TrustRule.Subject.INDEX,
            List.of(Format.BUNDLE_V03, Format.LEGACY_TAG),
            List.of(new Signer.Key(key)),
            null);
    return SignaturePolicy.of(
        new TrustPolicy(
            Mode.REQUIRE,
            List.of(rule),
            revoked,
            AdmissionPolicy.RollbackRule.DEFAULT,
            TrustPolicy.Limits.DEFAULT));
  }

  @Test
  void s_02_an_unsigned_image_is_not_pulled() {
    try (AssetCache cache = open(Set.of())) {
      Refresh.Rejected rejected =
          assertInstanceOf(Refresh.Rejected.class, cache.refresh(channel, Progress.NONE));
      assertEquals(Grounds.SIGNATURE, rejected.grounds());
      assertEquals(image.top().digest(), rejected.digest());
      assertTrue(rejected.why().contains("rule * asks for a signature"), rejected.why());
    }
    assertEquals(0, registry.count(Kind.BLOB));
  }

  /** The policy asks for a signature whatever an image holds. */
  @Test
  void s_02_unsigned_loaders_are_not_pulled_and_signed_ones_are() {
    TestImage loaders = TestImages.ipxe();
    registry.push(REPOSITORY, "ipxe", loaders);
    Channel ipxe =
        new Channel(
            "ipxe",
            registry.reference(REPOSITORY, "ipxe"),
            List.of(Arch.AMD64, Arch.ARM64),
            Content.LOADERS);
    try (AssetCache cache = open(Set.of())) {
      Refresh.Rejected rejected =
          assertInstanceOf(Refresh.Rejected.class, cache.refresh(ipxe, Progress.NONE));
      assertEquals(Grounds.SIGNATURE, rejected.grounds());
      signer.signBundle(registry, REPOSITORY, loaders.top().digest());
      cache.policy(policy(Set.of()));
      Refresh.Updated updated =
          assertInstanceOf(Refresh.Updated.class, cache.refresh(ipxe, Progress.NONE));
      assertEquals(Mode.REQUIRE, updated.head().admission().mode());
    }
  }

  @Test
  void s_14_the_proof_is_kept_with_the_release_and_checked_without_a_registry() {
    signer.signBundle(registry, REPOSITORY, image.top().digest());
    try (AssetCache cache = open(Set.of())) {
      assertInstanceOf(Refresh.Updated.class, cache.refresh(channel, Progress.NONE));
    }
    registry.fault(_ -> true, Integer.MAX_VALUE, FakeRegistryFault.hangUp());
    try (AssetCache cache = open(Set.of())) {
      Release head = cache.head(channel).orElseThrow();
      Proof proof = Objects.requireNonNull(head.admission().proof());
      assertEquals(signer.fingerprint().toString(), proof.signer());
      assertEquals(new Standing.Good(), cache.standing(head.digest()).orElseThrow());
    }
    try (AssetCache cache = open(Set.of(signer.fingerprint()))) {
      Standing standing = cache.standing(image.top().digest()).orElseThrow();
      assertInstanceOf(Standing.Revoked.class, standing);
    }
  }
}
