package dev.moonboot.raspberrypi;

/** What a Raspberry Pi is to do. */
sealed interface PiAnswer {
  /** Boot this. */
  record Boots(PiPlan plan) implements PiAnswer {}

  /**
   * Nothing: no file is there for it, so that its boot loader goes on with what comes next in
   * {@code BOOT_ORDER}.
   *
   * @param profile that it was to boot; empty when there is none
   * @param why for the one who asks and the log
   */
  record Refused(String profile, String why) implements PiAnswer {}

  /** Something is meant, but the channel has no release yet. */
  record NotReady(String profile, String channel) implements PiAnswer {}
}
