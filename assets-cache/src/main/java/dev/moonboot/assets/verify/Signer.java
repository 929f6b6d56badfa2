package dev.moonboot.assets.verify;

import java.nio.file.Path;

/** Somebody whose signature a rule takes. */
public sealed interface Signer {
  /** Whoever has that key. */
  record Key(TrustedKey key) implements Signer {
    @Override
    public String toString() {
      return key.toString();
    }
  }

  /**
   * Whoever proved an identity to Fulcio, which gave them a certificate for minutes.
   *
   * @param issuer who confirmed the identity, exactly: an OpenID Connect issuer
   * @param san the identity, exactly: a subject alternative name (URI or mail address)
   * @param trustedRoot a {@code trusted_root.json} (sigstore protobuf-specs) with the authorities
   *     and logs to believe; none is ever fetched
   * @param log whether a transparency log must have recorded the signature
   */
  record Keyless(String issuer, String san, Path trustedRoot, boolean log) implements Signer {
    @Override
    public String toString() {
      return san + " by " + issuer;
    }
  }
}
