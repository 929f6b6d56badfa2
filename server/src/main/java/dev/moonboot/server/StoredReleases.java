package dev.moonboot.server;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Head;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.store.StoreView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Releases as they lie in the folders of a configuration, whether a service has them or not. */
final class StoredReleases {
  private final StoreView store;
  private final Path cache;
  private final Path state;

  StoredReleases(ApplianceConfig config) {
    this.cache = config.cache();
    this.state = config.state();
    this.store = new StoreView(cache, state);
  }

  /**
   * The release that is called so.
   *
   * @throws StartException when there is none, or several
   */
  Release find(HeldRelease name) {
    try {
      return switch (name) {
        case HeldRelease.ByDigest(var digits) -> store.release(only(digits));
        case HeldRelease.OfChannel(var channel, var previous) ->
            store.release(head(channel, previous));
      };
    } catch (IOException e) {
      throw new UncheckedIOException("is it there, and may you read it?", e);
    }
  }

  private Digest only(String digits) throws IOException {
    List<Digest> named =
        store.releases().stream().filter(digest -> digest.hex().startsWith(digits)).toList();
    if (named.isEmpty()) {
      throw new StartException(
          "no release that %s holds begins with %s; a service with another cache is asked without"
                  .formatted(cache, digits)
              + " --offline",
          null);
    } else if (named.size() > 1) {
      throw new StartException(
          "%d releases begin with %s: give more digits".formatted(named.size(), digits), null);
    }
    return named.getFirst();
  }

  private Digest head(String channel, boolean previous) throws IOException {
    if (Files.isDirectory(state) && !Files.isExecutable(state)) {
      throw new AccessDeniedException(state.toString()); // whose files would be taken for missing
    }
    List<Digest> history = store.history(channel).stream().map(Head::release).toList();
    int wanted = previous ? 1 : 0;
    if (history.size() <= wanted) {
      throw new StartException(
          history.isEmpty()
              ? "%s knows no release of a channel %s".formatted(state, channel)
              : "channel %s named nothing before what it names now".formatted(channel),
          null);
    }
    return history.get(wanted);
  }
}
