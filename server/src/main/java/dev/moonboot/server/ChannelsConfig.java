package dev.moonboot.server;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Content;
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
import java.util.stream.Collectors;
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

  private static final List<Arch> BOTH = List.of(Arch.AMD64, Arch.ARM64);

  private static final Kind<Content> CONTENT = TrustConfig.oneOf(Content.values(), Content::id);

  ChannelsConfig {
    channels = List.copyOf(channels);
  }

  /** The names of those whose images hold that, in that order. */
  Set<String> names(Content content) {
    return channels.stream()
        .filter(channel -> channel.content() == content)
        .map(Channel::name)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Reads the section {@code channels} of {@code in}. */
  static ChannelsConfig read(ConfigReader in) {
    List<Channel> channels = new ArrayList<>();
    Set<String> defaults = new LinkedHashSet<>();
    in.sections("channels", "<name>")
        .forEach((name, channel) -> {
          Optional<ImageReference> image =
              channel.required("image", "the image and tag that is followed", IMAGE);
          Content content =
              channel.value(
                  "content",
                  "what its images hold: what nodes boot, network boot programs (loaders), or what"
                      + " a Raspberry Pi's ROM loads (firmware)",
                  Content.BOOT,
                  CONTENT,
                  List.of());
          List<Arch> arches =
              channel.values(
                  "arch",
                  "the architectures that a release must have, all of them; of firmware only arm64",
                  content == Content.FIRMWARE ? List.of(Arch.ARM64) : BOTH,
                  ARCH);
          boolean isDefault =
              channel.bool(
                  "default",
                  "whether paths without a channel (/assets/talos/<arch>/...) mean this one;"
                      + " the only one that nodes boot is the default anyway",
                  false);
          if (isDefault) {
            defaults.add(name);
          }
          if (isDefault && content != Content.BOOT) {
            channel.problem("default", "the channel holds " + content.id() + ", nothing to boot");
          }
          if (defaults.size() > 1) {
            channel.problem("default", "only one channel can be the default: " + defaults);
          }
          image.ifPresent(i -> add(channel, new Followed(name, i, arches, content), channels));
        });
    List<Channel> bootable =
        channels.stream().filter(channel -> channel.content() == Content.BOOT).toList();
    String only = bootable.size() == 1 ? bootable.getFirst().name() : null;
    return new ChannelsConfig(channels, defaults.stream().findFirst().orElse(only));
  }

  /** A channel as it is written, which may not do. */
  private record Followed(String name, ImageReference image, List<Arch> arches, Content content) {}

  private static void add(ConfigReader in, Followed followed, List<Channel> channels) {
    List<Arch> arches = followed.arches();
    if (new HashSet<>(arches).size() < arches.size()) {
      in.problem("arch", "lists an architecture twice");
    }
    if (followed.content() == Content.FIRMWARE && arches.contains(Arch.AMD64)) {
      in.problem("arch", "firmware is for the Raspberry Pi, which is arm64 only; leave it out");
    }
    try {
      channels.add(new Channel(followed.name(), followed.image(), arches, followed.content()));
    } catch (IllegalArgumentException e) {
      in.problem(arches.isEmpty() ? "arch" : "image", String.valueOf(e.getMessage()));
    }
  }
}
