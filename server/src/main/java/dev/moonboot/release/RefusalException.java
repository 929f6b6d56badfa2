package dev.moonboot.release;

import dev.moonboot.release.PinOutcome.Grounds;
import dev.moonboot.release.PinOutcome.Refused;

/** Ends an attempt to change a pin; {@link Pinning} makes it the outcome. */
final class RefusalException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Refused refused;

  RefusalException(Grounds grounds, String why) {
    super(why);
    this.refused = new Refused(grounds, why);
  }

  RefusalException(NotRecordedException cause) {
    super(cause);
    this.refused = new Refused(Grounds.NOT_RECORDED, "nothing has changed: " + cause.getMessage());
  }

  Refused refused() {
    return refused;
  }
}
