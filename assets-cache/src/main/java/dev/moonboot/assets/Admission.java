package dev.moonboot.assets;

import org.jspecify.annotations.Nullable;

/**
 * Why a release was let in: what the signature policy in force then said of its image digest.
 *
 * @param mode what the policy asked for
 * @param rule the policy's rule that matched the image ({@code ghcr.io/acme/*}); empty when none
 *     did
 * @param proof the signature that covers the digest; null when none was found or wanted
 * @param warning what is not as it should be, for people; empty when all is well
 */
public record Admission(Mode mode, String rule, @Nullable Proof proof, String warning) {
  /** How strict a policy is. */
  public enum Mode {
    /** Without a valid signature the image is refused. */
    REQUIRE,
    /** Without a valid signature the image is let in, and that is said. */
    WARN,
    /** Signatures are not looked at. */
    OFF
  }

  /** Nobody asked for a signature. */
  public static final Admission UNCHECKED = new Admission(Mode.OFF, "", null, "");
}
