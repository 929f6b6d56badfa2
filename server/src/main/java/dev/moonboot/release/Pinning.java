package dev.moonboot.release;

import dev.moonboot.assets.Progress;

/**
 * Changes which release a profile boots. One change at a time; each is written to the audit log,
 * then to disk, and is in force when the method returns: the next script names it.
 */
public final class Pinning {
  Pinning() {}

  /**
   * Pins the profile to the target. Takes as long as a pull where the release is not held.
   *
   * @param progress told how far a pull has come
   */
  public PinOutcome pin(String profile, PinTarget target, PinOrder order, Progress progress) {
    return new PinOutcome.Refused(PinOutcome.Grounds.NOT_RECORDED, "not built yet");
  }

  /** Lets the profile follow its channel again. */
  public PinOutcome unpin(String profile, PinOrder order) {
    return new PinOutcome.Refused(PinOutcome.Grounds.NOT_RECORDED, "not built yet");
  }

  /** Pins the profile to what it booted before; asks no network. */
  public PinOutcome rollback(String profile, PinOrder order) {
    return new PinOutcome.Refused(PinOutcome.Grounds.NOT_RECORDED, "not built yet");
  }

  /** Pins the profile to the release that the profile {@code from} boots now; asks no network. */
  public PinOutcome promote(String profile, String from, PinOrder order) {
    return new PinOutcome.Refused(PinOutcome.Grounds.NOT_RECORDED, "not built yet");
  }

  /** What is decided now. */
  public Decisions decisions() {
    return Decisions.NONE;
  }
}
