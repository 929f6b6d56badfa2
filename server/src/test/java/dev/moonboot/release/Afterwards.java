package dev.moonboot.release;

/** For tests of other packages: something that happens at once after a change of the decisions. */
public final class Afterwards {
  private Afterwards() {}

  /** Runs {@code next} once a change is in force, before whoever made it goes on. */
  public static void run(Changes changes, Runnable next) {
    changes.listen(next);
  }
}
