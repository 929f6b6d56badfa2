package dev.moonboot.server;

import dev.moonboot.assets.verify.KeylessVerifier;
import dev.moonboot.assets.verify.SignatureAlgorithm;
import dev.moonboot.assets.verify.Signer;
import dev.moonboot.assets.verify.TrustedKey;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads one of those who may sign: a key, or an identity. */
final class SignerConfig {
  private static final Kind<SignatureAlgorithm> ALGORITHM =
      TrustConfig.oneOf(SignatureAlgorithm.values(), SignatureAlgorithm::id);

  private SignerConfig() {}

  /** Reads an item of {@code any-of}; empty when a problem was noted. */
  static Optional<Signer> read(ConfigReader in) {
    ConfigReader key = in.section("key");
    Optional<Path> file = key.optionalPath("file", "a public key in PEM, as cosign.pub is");
    List<SignatureAlgorithm> algorithms =
        key.values(
            "algorithms",
            "what that key may sign with",
            List.copyOf(TrustedKey.DEFAULT_ALGORITHMS),
            ALGORITHM);
    ConfigReader keyless = in.section("keyless");
    Optional<String> issuer =
        keyless.optional(
            "issuer", "who confirmed the identity of a keyless signer, exactly", Kind.TEXT);
    Optional<String> san =
        keyless.optional(
            "san", "the identity of a keyless signer, exactly: a URI or a mail address", Kind.TEXT);
    Optional<Path> root =
        keyless.optionalPath("trusted-root", "a trusted_root.json; nothing of it is ever fetched");
    boolean log = keyless.bool("log", "whether a transparency log must have the signature", true);
    boolean isKeyless = issuer.isPresent() || san.isPresent() || root.isPresent();
    if (file.isPresent() == isKeyless) {
      in.problem("key", "an item of any-of is either a key with a file, or keyless");
      return Optional.empty();
    }
    if (file.isPresent()) {
      return key(key, file.get(), algorithms);
    }
    if (issuer.isEmpty() || san.isEmpty() || root.isEmpty()) {
      in.problem("keyless", "issuer, san and trusted-root must all be set");
      return Optional.empty();
    }
    return keyless(in, new Signer.Keyless(issuer.get(), san.get(), root.get(), log));
  }

  private static Optional<Signer> key(
      ConfigReader in, Path file, List<SignatureAlgorithm> algorithms) {
    try {
      return Optional.of(new Signer.Key(TrustedKey.read(file, Set.copyOf(algorithms))));
    } catch (IllegalArgumentException e) {
      in.problem("file", String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static Optional<Signer> keyless(ConfigReader in, Signer.Keyless identity) {
    Optional<KeylessVerifier> verifier = KeylessVerifier.find();
    if (verifier.isEmpty()) {
      in.problem(
          "keyless",
          "this moonboot was built without what checks keyless signatures (sigstore-java): build it"
              + " with mvn -Pkeyless package, or let a key sign");
      return Optional.empty();
    }
    try {
      verifier.get().prepare(identity);
      return Optional.of(identity);
    } catch (IllegalArgumentException e) {
      in.problem("keyless", String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
