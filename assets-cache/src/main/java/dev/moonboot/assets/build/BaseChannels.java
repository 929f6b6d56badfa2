package dev.moonboot.assets.build;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Recipe;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Channels whose heads others are put upon. */
@FunctionalInterface
public interface BaseChannels {
  /** There is none. */
  BaseChannels NONE = _ -> Optional.empty();

  /** What the channel of that name has as its head; empty where it has none yet. */
  Optional<Head> head(String channel);

  /**
   * A head.
   *
   * @param image what the channel follows
   * @param version of Talos; empty where the release does not say
   * @param recipe of what it is made; null where it is one image
   */
  record Head(ImageReference image, Digest digest, String version, @Nullable Recipe recipe) {}
}
