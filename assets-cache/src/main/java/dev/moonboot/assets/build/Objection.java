package dev.moonboot.assets.build;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Refresh;

/** Something speaks against an input, or a composition; ends the work within this package. */
final class Objection extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Refresh outcome;

  Objection(Refresh outcome) {
    super(outcome.toString());
    this.outcome = outcome;
  }

  /** What is in an image will not do. */
  static Objection content(Digest digest, String why) {
    return new Objection(new Refresh.Rejected(digest, Refresh.Grounds.CONTENT, why));
  }

  /** It cannot be found out now. */
  static Objection later(String why) {
    return new Objection(new Refresh.Failed(Refresh.Trouble.BAD_ANSWER, why, null));
  }

  Refresh outcome() {
    return outcome;
  }
}
