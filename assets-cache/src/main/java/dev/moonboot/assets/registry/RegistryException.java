package dev.moonboot.assets.registry;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A registry or layout did not give what was asked for; the message says what, which and why. */
public final class RegistryException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What kind of failure it was, so that the caller knows whether and when to try again. */
  public enum Reason {
    /** The tag, manifest or blob does not exist. */
    NOT_FOUND,
    /** The registry refused our credentials (401, 403). */
    AUTH_FAILED,
    /** The registry asked to send credentials to a place they must not go. */
    AUTH_REALM_REFUSED,
    /** A redirect to a place we must not go. */
    REDIRECT_REFUSED,
    /** Content does not have the digest or size it was asked for by. */
    DIGEST_MISMATCH,
    /** Larger than the limits of this appliance. */
    TOO_LARGE,
    /** Not a manifest, configuration or layout as the specifications have it. */
    MALFORMED,
    /** Well-formed, but of a kind we do not read (schema 1, unknown media types). */
    UNSUPPORTED,
    /** No manifest for the wanted platform. */
    NO_PLATFORM,
    /** Told to come back later (429, 503). */
    BUSY,
    /** No connection, TLS failure, time-out, cut connection, server error. */
    UNREACHABLE,
    /** This side cannot write: no space, read-only, I/O error. */
    LOCAL_IO
  }

  private final Reason reason;
  private final @Nullable Duration retryAfter;

  /** A failure without a cause of its own. */
  public RegistryException(Reason reason, String message) {
    this(reason, message, null, null);
  }

  /**
   * Any failure.
   *
   * @param retryAfter what the registry asked us to wait; null when it did not say
   */
  public RegistryException(
      Reason reason, String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
    super(message, cause);
    this.reason = reason;
    this.retryAfter = retryAfter;
  }

  public Reason reason() {
    return reason;
  }

  /** How long the registry asked us to wait. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
