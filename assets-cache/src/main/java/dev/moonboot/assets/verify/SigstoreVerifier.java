package dev.moonboot.assets.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.verify.Signer.Keyless;
import dev.sigstore.VerificationOptions.CertificateMatcher;
import dev.sigstore.bundle.Bundle;
import dev.sigstore.bundle.BundleParseException;
import dev.sigstore.fulcio.client.FulcioVerificationException;
import dev.sigstore.fulcio.client.FulcioVerifier;
import dev.sigstore.rekor.client.RekorEntry;
import dev.sigstore.rekor.client.RekorVerificationException;
import dev.sigstore.rekor.client.RekorVerifier;
import dev.sigstore.strings.StringMatcher;
import dev.sigstore.timestamp.client.TimestampVerifier;
import dev.sigstore.trustroot.SigstoreConfigurationException;
import dev.sigstore.trustroot.SigstoreTrustedRoot;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Checks keyless bundles without a network. By sigstore-java: the certificate's chain and its entry
 * in a certificate transparency log, the identity, the entry in Rekor, and time stamps. What is
 * signed is read as for keys, because that library (2.0.0) takes no statement whose subject has no
 * name, and cosign writes none; that the entry is the signature's ({@link LogEntry}) and that its
 * time is one of the certificate's ({@link SigningTime}) is checked here, too.
 *
 * <p>The library is only there where the server was built with the profile {@code keyless}: nothing
 * but {@link KeylessVerifier#find} may name this class.
 */
public final class SigstoreVerifier implements KeylessVerifier {
  /** What a trusted root amounts to. */
  private record Root(FulcioVerifier fulcio, RekorVerifier rekor, TimestampVerifier timestamps) {}

  private final Map<Keyless, Root> roots = new ConcurrentHashMap<>();

  @Override
  public void prepare(Keyless signer) {
    if (!signer.log()) {
      throw new IllegalArgumentException(
          "keyless signatures cannot be checked without a transparency log: it alone says when a"
              + " certificate of minutes signed; set log: required");
    }
    root(signer);
  }

  private Root root(Keyless signer) {
    return roots.computeIfAbsent(signer, SigstoreVerifier::read);
  }

  private static Root read(Keyless signer) {
    try (var in = Files.newInputStream(signer.trustedRoot())) {
      SigstoreTrustedRoot root = SigstoreTrustedRoot.from(in);
      return new Root(
          FulcioVerifier.newFulcioVerifier(root),
          RekorVerifier.newRekorVerifier(root),
          TimestampVerifier.newTimestampVerifier(root));
    } catch (IOException
        | SigstoreConfigurationException
        | GeneralSecurityException
        | RuntimeException e) {
      throw new IllegalArgumentException(
          "the trusted root %s cannot be used: %s".formatted(signer.trustedRoot(), text(e)), e);
    }
  }

  @Override
  public Outcome check(Keyless signer, Candidate candidate) {
    return switch (candidate) {
      case Candidate.Bundle bundle -> check(signer, bundle);
      case Candidate.SimpleSigning _ ->
          new Outcome.Bad(
              "a keyless signature in cosign's first form has no proof that a log holds it: sign"
                  + " again with a cosign that writes bundles");
    };
  }

  private Outcome check(Keyless signer, Candidate.Bundle candidate) {
    try {
      KeySignature signature = KeySignature.of(candidate);
      Bundle bundle = Bundle.from(new StringReader(new String(candidate.document(), UTF_8)));
      X509Certificate leaf = (X509Certificate) bundle.getCertPath().getCertificates().getFirst();
      Root root = root(signer);
      root.fulcio().verifySigningCertificate(bundle.getCertPath());
      requireIdentity(signer, leaf);
      signature.requireMadeBy(leaf.getPublicKey());
      signature.claim(candidate.subject());
      RekorEntry entry = LogEntry.of(bundle, signature, leaf);
      root.rekor().verifyEntry(entry);
      Instant signedAt = SigningTime.of(bundle, entry, signature.signature(), root.timestamps());
      SigningTime.requireValid(leaf, signedAt);
      return new Outcome.Good(signedAt);
    } catch (BundleParseException
        | FulcioVerificationException
        | RekorVerificationException
        | IOException
        | RuntimeException e) { // a stranger wrote the bundle: the library throws what it likes
      return new Outcome.Bad(text(e));
    }
  }

  private static void requireIdentity(Keyless signer, X509Certificate leaf) {
    CertificateMatcher wanted =
        CertificateMatcher.fulcio()
            .issuer(StringMatcher.string(signer.issuer()))
            .subjectAlternativeName(StringMatcher.string(signer.san()))
            .build();
    if (!wanted.test(leaf)) {
      throw new UnusableException("its certificate is not for " + signer);
    }
  }

  private static String text(Exception e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    Throwable cause = e.getCause();
    return cause == null || cause.getMessage() == null || message.contains(cause.getMessage())
        ? message
        : message + ": " + cause.getMessage();
  }
}
