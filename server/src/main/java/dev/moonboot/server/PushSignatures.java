package dev.moonboot.server;

import dev.moonboot.assets.Admission.Mode;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.Proof;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.Registries;
import dev.moonboot.assets.registry.Registry;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.verify.AdmissionPolicy;
import dev.moonboot.assets.verify.ImagePattern;
import dev.moonboot.assets.verify.SignatureForms;
import dev.moonboot.assets.verify.SignaturePolicy;
import dev.moonboot.assets.verify.Signer;
import dev.moonboot.assets.verify.SigningKey;
import dev.moonboot.assets.verify.TrustPolicy;
import dev.moonboot.assets.verify.TrustRule;
import dev.moonboot.assets.verify.TrustedKey;
import dev.moonboot.assets.verify.Verdict;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The signatures of an image that is pushed once, without a service that keeps them: none where the
 * registry has good ones of the same key, since each signature is another one and they would
 * gather.
 */
final class PushSignatures {
  private PushSignatures() {}

  /**
   * What is still to be attached to the image.
   *
   * @param name of the repository here, for people
   */
  static List<SignatureForms.Attached> missing(
      SigningKey key,
      SourceImage.Repository to,
      RegistrySettings settings,
      InstallerPush pushed,
      String name) {
    Digest index = pushed.index();
    try (Registry registry = Registries.open(to, settings)) {
      var image = new ImageReference(to, null, index);
      boolean signed =
          Stream.of(Proof.Format.values())
              .map(format -> policy(key.trusted(), format).explain(registry, image, index))
              .allMatch(judgement -> judgement.verdict() instanceof Verdict.Admitted);
      if (signed) {
        return List.of();
      }
    } catch (RegistryException e) {
      // what keeps us from looking will be told of the push
    }
    var forms = new SignatureForms(key.fingerprint(), key::signHash);
    return List.of(
        forms.legacy(index, name), forms.bundle(index, InstallerFiles.INDEX_TYPE, pushed.size()));
  }

  /** That asks for a signature of that key and form. */
  static SignaturePolicy policy(TrustedKey key, Proof.Format format) {
    var rule =
        new TrustRule(
            ImagePattern.parse("*"),
            false,
            Mode.REQUIRE,
            TrustRule.Subject.INDEX,
            List.of(format),
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
