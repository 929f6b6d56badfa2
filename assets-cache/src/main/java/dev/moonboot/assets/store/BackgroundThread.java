package dev.moonboot.assets.store;

import org.jspecify.annotations.Nullable;

/** How the store's background work is ended. */
final class BackgroundThread {
  private BackgroundThread() {}

  /** Interrupts it and waits until it has ended; null where none was begun. */
  static void end(@Nullable Thread thread) {
    if (thread != null) {
      thread.interrupt();
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // it ends by itself, a moment later
      }
    }
  }
}
