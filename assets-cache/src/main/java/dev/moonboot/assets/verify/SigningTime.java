package dev.moonboot.assets.verify;

import dev.sigstore.bundle.Bundle;
import dev.sigstore.rekor.client.RekorEntry;
import dev.sigstore.timestamp.client.ImmutableTimestampResponse;
import dev.sigstore.timestamp.client.TimestampException;
import dev.sigstore.timestamp.client.TimestampResponse;
import dev.sigstore.timestamp.client.TimestampVerificationException;
import dev.sigstore.timestamp.client.TimestampVerifier;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;

/**
 * When a bundle was signed. A certificate of minutes says nothing without it: whoever found its key
 * later could sign with it. A time counts only where somebody we trust signed it: the log, when it
 * took the entry (Rekor's "signed entry timestamp"), or an authority for time stamps (RFC 3161).
 * sigstore-java 2.0.0 does not hold the log's time against the certificate.
 */
final class SigningTime {
  private SigningTime() {}

  /**
   * When it was signed.
   *
   * @param entry verified, and with it the log's timestamp where it has one
   * @throws UnusableException when nobody trusted says so
   */
  static Instant of(
      Bundle bundle, RekorEntry entry, byte[] signature, TimestampVerifier authorities) {
    String promise = entry.getVerification().getSignedEntryTimestamp();
    if (promise != null && !promise.isEmpty()) {
      return entry.getIntegratedTimeInstant();
    }
    if (bundle.getTimestamps().isEmpty()) {
      throw new UnusableException("neither a log nor an authority signed when it was made");
    }
    try {
      TimestampResponse response =
          ImmutableTimestampResponse.builder()
              .encoded(bundle.getTimestamps().getFirst().getRfc3161Timestamp())
              .build();
      authorities.verify(response, signature);
      return response.getGenTime().toInstant();
    } catch (TimestampException | TimestampVerificationException e) {
      throw new UnusableException("its time stamp is not good: " + e.getMessage());
    }
  }

  /** Fails unless the certificate was valid then. */
  static void requireValid(X509Certificate leaf, Instant time) {
    try {
      leaf.checkValidity(Date.from(time));
    } catch (CertificateNotYetValidException | CertificateExpiredException e) {
      throw new UnusableException(
          "it was signed at %s, when its certificate was not valid (%s to %s)"
              .formatted(time, leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant()));
    }
  }
}
