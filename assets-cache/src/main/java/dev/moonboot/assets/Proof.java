package dev.moonboot.assets;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A signature that was found to cover a release's digest, with all that is needed to check it again
 * without a network.
 *
 * @param format in which form it stood beside the image
 * @param signer who signed: {@code sha256:<hex>} of a public key (of its DER SubjectPublicKeyInfo),
 *     or issuer and identity of a keyless signature
 * @param signedAt when, where the signature says so in a way it also covers; null when it does not
 * @param evidence what was read, by name, in base64: at most 128 KiB together
 */
public record Proof(
    Format format, String signer, @Nullable Instant signedAt, Map<String, String> evidence) {
  /** The forms in which cosign attaches a signature. */
  public enum Format {
    /** An image under the tag {@code sha256-<hex>.sig} whose layers are the signed payloads. */
    LEGACY_TAG,
    /** A Sigstore bundle, version 0.3, that refers to the image. */
    BUNDLE_V03
  }

  public Proof {
    evidence = Map.copyOf(evidence);
  }
}
