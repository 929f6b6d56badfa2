package dev.moonboot.assets.store;

import dev.moonboot.assets.Damage;
import dev.moonboot.assets.Digest;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Tells somebody of damage and of its end. */
final class DamageNews {
  private final Supplier<Set<Digest>> releases;
  private final ReentrantLock lock = new ReentrantLock(); // so that the last told is the newest
  private volatile Consumer<Damage> listener = _ -> {};

  /**
   * @param releases that cannot be served now
   */
  DamageNews(Supplier<Set<Digest>> releases) {
    this.releases = releases;
  }

  /** Names who is told: of what there is at once, and then of changes. */
  void watch(Consumer<Damage> told) {
    listener = told;
    tell(Set.of());
  }

  /**
   * Something has changed.
   *
   * @param files that hold something else now, or are gone
   */
  void tell(Set<Path> files) {
    lock.lock();
    try {
      listener.accept(new Damage(releases.get(), files));
    } finally {
      lock.unlock();
    }
  }
}
