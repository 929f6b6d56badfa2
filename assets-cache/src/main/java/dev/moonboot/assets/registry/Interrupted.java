package dev.moonboot.assets.registry;

import dev.moonboot.assets.registry.RegistryException.Reason;

/** Ends what a thread does when it is interrupted. */
final class Interrupted {
  private Interrupted() {}

  /** The exception to throw; the thread stays interrupted. */
  static RegistryException now(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new RegistryException(Reason.UNREACHABLE, "interrupted", cause, null);
  }
}
