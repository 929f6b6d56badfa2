package dev.moonboot.assets;

import org.jspecify.annotations.Nullable;

/**
 * One image: a source, and a tag, a digest or both. Where both are given the digest decides and the
 * tag is a comment.
 *
 * @param tag null when only a digest, or for a local layout nothing, is given
 * @param digest null when the tag is to be followed
 */
public record ImageReference(SourceImage source, @Nullable String tag, @Nullable Digest digest) {
  /** As a person writes it, for example {@code ghcr.io/acme/talos:demo}. */
  @Override
  public String toString() {
    return source.display() + (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
  }
}
