package dev.moonboot.release;

import dev.moonboot.assets.Release;

/** Which release a profile boots now, and why that one. */
public record Effective(Release release, By by) {
  /** Why it is that one. */
  public enum By {
    /** The profile is pinned to it. */
    PIN,
    /** It is the head of the profile's channel. */
    CHANNEL
  }
}
