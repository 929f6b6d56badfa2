package dev.moonboot.assets.cache;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.registry.Registry;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.verify.Judgement;
import dev.moonboot.assets.verify.SignaturePolicy;

/** Says what a policy would make of an image; fetches nothing of it but its signatures. */
public final class ImageVerification {
  private ImageVerification() {}

  /**
   * Resolves the image as a refresh does, and judges it.
   *
   * @throws CacheException when the image or its signatures cannot be asked for
   */
  public static Judgement verify(
      ImageReference image, SignaturePolicy policy, RegistrySettings settings) {
    try (Registry registry = ImageAccess.of(settings).open(image)) {
      Digest fixed = image.digest();
      Digest digest = fixed != null ? fixed : registry.resolve(image.tag());
      registry.manifest(digest); // or a policy that asks for nothing would let in what is not there
      return policy.explain(registry, image, digest);
    } catch (RegistryException e) {
      throw new CacheException("verify " + image + ": " + Troubles.text(e), e);
    }
  }
}
