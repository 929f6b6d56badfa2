package dev.moonboot.server;

import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.cache.AssetCache;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a channel follows, as far as it can be told without the other channels.
 *
 * @param in its section
 * @param image null where it follows something else, or what it follows cannot be read
 * @param isBuild whether it is composed
 * @param like the channel that its build is like; null for none
 * @param isFactory whether it asks an Image Factory
 */
record ChannelSource(
    String name,
    ConfigReader in,
    @Nullable ImageReference image,
    boolean isBuild,
    @Nullable String like,
    boolean isFactory) {
  private static final String BUILD = "build";
  private static final String FACTORY = "factory";

  private static final Kind<ImageReference> IMAGE =
      new Kind<>(
          "an image such as ghcr.io/acme/talos:demo", AssetCache::parse, ImageReference::toString);

  /** Reads which of the three it is. */
  static ChannelSource read(String name, ConfigReader in) {
    ImageReference image =
        in.optional(
                "image",
                "the image and tag that is followed; a channel has this, build or factory",
                IMAGE)
            .orElse(null);
    boolean isBuild = in.isSet(BUILD);
    boolean isFactory = in.isSet(FACTORY);
    List<String> set = new ArrayList<>();
    if (in.isSet("image")) {
      set.add("image");
    }
    if (isBuild) {
      set.add(BUILD);
    }
    if (isFactory) {
      set.add(FACTORY);
    }
    if (set.isEmpty()) {
      in.problem("image", "must be set, or build or factory: what the channel follows");
    } else if (set.size() > 1) {
      in.problem(
          set.getLast(), "a channel follows one thing: keep one of " + String.join(" and ", set));
    }
    String like = isBuild ? CompositionConfig.like(in.section(BUILD)).orElse(null) : null;
    return new ChannelSource(name, in, image, isBuild, like, isFactory);
  }

  /** The section of its build. */
  ConfigReader build() {
    return in.section(BUILD);
  }

  /** The section of its factory. */
  ConfigReader factory() {
    return in.section(FACTORY);
  }
}
