package dev.moonboot.assets.cache;

import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.registry.RegistryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Work that asks where things come from, and how all of it is ended. */
final class Connections implements AutoCloseable {
  private final Function<ImageReference, Origin> origins;
  private final Troubles troubles;
  private final Set<Origin> open = ConcurrentHashMap.newKeySet();

  Connections(Function<ImageReference, Origin> origins, Troubles troubles) {
    this.origins = origins;
    this.troubles = troubles;
  }

  /** What is done with where an image comes from. */
  @FunctionalInterface
  interface Work<T> {
    T with(Origin origin) throws IOException;
  }

  /**
   * Does it; faults of the registry and of the disk become values.
   *
   * @param failed what a failure is to the caller
   */
  <T> T attempt(ImageReference image, Work<T> work, Function<Failed, T> failed) {
    try (Origin origin = origins.apply(image)) {
      open.add(origin);
      try {
        return work.with(origin);
      } finally {
        open.remove(origin);
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
    open.forEach(Origin::close);
  }
}
