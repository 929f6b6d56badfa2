package dev.moonboot.server;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.cache.AssetCache;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is followed.
 *
 * @param channels in the order they are configured
 * @param defaultChannel which of them paths without a channel mean; null for none
 */
record ChannelsConfig(List<Channel> channels, @Nullable String defaultChannel) {
  private static final Kind<ImageReference> IMAGE =
      new Kind<>(
          "an image such as ghcr.io/acme/talos:demo", AssetCache::parse, ImageReference::toString);

  private static final Kind<Arch> ARCH =
      new Kind<>(
          "amd64 or arm64",
          text -> Arch.parse(text).orElseThrow(() -> new IllegalArgumentException("unknown")),
          Arch::id);

  ChannelsConfig {
    channels = List.copyOf(channels);
  }

  /** Reads the section {@code channels} of {@code in}. */
  static ChannelsConfig read(ConfigReader in) {
    List<Channel> channels = new ArrayList<>();
    Set<String> defaults = new LinkedHashSet<>();
    in.sections("channels", "<name>")
        .forEach((name, channel) -> {
          Optional<ImageReference> image =
              channel.required("image", "the image and tag that is followed", IMAGE);
          List<Arch> arches =
              channel.values(
                  "arch",
                  "the architectures that a release must have, all of them",
                  List.of(Arch.AMD64, Arch.ARM64),
                  ARCH);
          boolean isDefault =
              channel.bool(
                  "default",
                  "whether paths without a channel (/assets/talos/<arch>/...) mean this one;"
                      + " a channel alone is the default anyway",
                  false);
          if (isDefault) {
            defaults.add(name);
          }
          if (defaults.size() > 1) {
            channel.problem("default", "only one channel can be the default: " + defaults);
          }
          image.ifPresent(i -> add(channel, name, i, arches, channels));
        });
    String only = channels.size() == 1 ? channels.getFirst().name() : null;
    return new ChannelsConfig(channels, defaults.stream().findFirst().orElse(only));
  }

  private static void add(
      ConfigReader in,
      String name,
      ImageReference image,
      List<Arch> arches,
      List<Channel> channels) {
    if (new HashSet<>(arches).size() < arches.size()) {
      in.problem("arch", "lists an architecture twice");
    }
    try {
      channels.add(new Channel(name, image, arches));
    } catch (IllegalArgumentException e) {
      in.problem(arches.isEmpty() ? "arch" : "image", String.valueOf(e.getMessage()));
    }
  }
}
