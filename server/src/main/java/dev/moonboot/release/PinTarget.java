package dev.moonboot.release;

import dev.moonboot.assets.Digest;
import java.util.regex.Pattern;

/** Which release a profile is to boot. */
public sealed interface PinTarget {
  /** What stands for {@link Previous} in {@link #parse}. */
  String PREVIOUS = "previous";

  /** The release of that digest; fetched first where it is not held. */
  record ByDigest(Digest digest) implements PinTarget {}

  /**
   * The release of that Talos version among those that are held of the profile's channel; where
   * there is none, what the tag of that name in the channel's repository names.
   *
   * @param version {@code v1.13.6}: a tag's name (OCI distribution-spec)
   */
  record ByVersion(String version) implements PinTarget {
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

    /**
     * @throws IllegalArgumentException when it could not be a tag's name
     */
    public ByVersion {
      if (!TAG.matcher(version).matches()) {
        throw new IllegalArgumentException(
            "\"" + version.substring(0, Math.min(80, version.length())) + "\" is no version");
      }
    }
  }

  /**
   * The release before the one that the profile boots: the next older one that is held of its
   * channel, else what its pin replaced.
   */
  record Previous() implements PinTarget {}

  /**
   * Reads {@code sha256:<hex>}, {@value #PREVIOUS} or a version such as {@code v1.13.6}.
   *
   * @throws IllegalArgumentException with a message for people for anything else
   */
  static PinTarget parse(String text) {
    if (text.equals(PREVIOUS)) {
      return new Previous();
    }
    try {
      return text.contains(":") ? new ByDigest(Digest.parse(text)) : new ByVersion(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          e.getMessage()
              + "; name a release by sha256:<64 hex digits>, a version such as v1.13.6,"
              + " or previous",
          e);
    }
  }
}
