package dev.moonboot.assets.cache;

import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.registry.Registry;
import dev.moonboot.assets.registry.RegistryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Work that asks registries, and how all of it is ended. */
final class Connections implements AutoCloseable {
  private final ImageAccess access;
  private final Troubles troubles;
  private final Set<Registry> open = ConcurrentHashMap.newKeySet();

  Connections(ImageAccess access, Troubles troubles) {
    this.access = access;
    this.troubles = troubles;
  }

  /** What is done with an image's registry. */
  @FunctionalInterface
  interface Work<T> {
    T with(Registry registry) throws IOException;
  }

  /**
   * Does it; faults of the registry and of the disk become values.
   *
   * @param failed what a failure is to the caller
   */
  <T> T attempt(ImageReference image, Work<T> work, Function<Failed, T> failed) {
    try (Registry registry = access.open(image)) {
      open.add(registry);
      try {
        return work.with(registry);
      } finally {
        open.remove(registry);
      }
    } catch (RegistryException e) {
      return failed.apply(troubles.of(e));
    } catch (UncheckedIOException e) {
      IOException cause = e.getCause();
      return failed.apply(troubles.of(cause == null ? new IOException(e) : cause));
    } catch (IOException e) {
      return failed.apply(troubles.of(e));
    }
  }

  /** Cuts the connections of what runs, which then fails soon. */
  @Override
  public void close() {
    open.forEach(Registry::close);
  }
}
