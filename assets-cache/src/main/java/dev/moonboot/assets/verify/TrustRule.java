package dev.moonboot.assets.verify;

import dev.moonboot.assets.Admission.Mode;
import dev.moonboot.assets.Proof.Format;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of some images.
 *
 * @param match which images
 * @param deny true when they are never let in; the rest does not matter then
 * @param mode what happens without a valid signature
 * @param subject what the signature must cover
 * @param formats the forms of signature that count
 * @param anyOf who may have signed; one of them is enough
 * @param maxAge how old a signature may be; null when it does not matter
 */
public record TrustRule(
    ImagePattern match,
    boolean deny,
    Mode mode,
    Subject subject,
    List<Format> formats,
    List<Signer> anyOf,
    @Nullable Duration maxAge) {
  /** What a signature must cover. */
  public enum Subject {
    /** What the tag names, and through its digests all below it. */
    INDEX,
    /** The image of each platform that can be booted, by itself. */
    PLATFORM;

    /** As it is written in a policy. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** As a format is written in a policy. */
  public static String id(Format format) {
    return switch (format) {
      case LEGACY_TAG -> "legacy-tag";
      case BUNDLE_V03 -> "bundle-v0.3";
    };
  }

  public TrustRule {
    formats = List.copyOf(formats);
    anyOf = List.copyOf(anyOf);
  }
}
