package dev.moonboot.assets.verify;

/** What a policy says of a release that is here. */
public sealed interface Standing {
  /** It may be served. */
  record Good() implements Standing {}

  /** It is served, and a person should know why it would not be let in today. */
  record Flagged(String why) implements Standing {}

  /** It may not be served any more: who signed it is no longer trusted, or its proof is broken. */
  record Revoked(String why) implements Standing {}
}
