package dev.moonboot.server;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.cache.AssetCache;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is followed.
 *
 * @param channels in the order they are configured
 * @param defaultChannel which of them paths without a channel mean; null for none
 * @param pushes where installer images are put besides, by channel
 */
record ChannelsConfig(
    List<Channel> channels,
    @Nullable String defaultChannel,
    Map<String, SourceImage.Repository> pushes) {
  private static final Kind<SourceImage.Repository> REPOSITORY =
      new Kind<>(
          "a repository with its registry such as ghcr.io/acme/installer",
          ChannelsConfig::repository,
          SourceImage::display);

  ChannelsConfig {
    channels = List.copyOf(channels);
    pushes = Map.copyOf(pushes);
  }

  /** Nothing is put anywhere. */
  ChannelsConfig(List<Channel> channels, @Nullable String defaultChannel) {
    this(channels, defaultChannel, Map.of());
  }

  /**
   * A repository as people write it, to put images into.
   *
   * @throws IllegalArgumentException when it is none, or more than that
   */
  static SourceImage.Repository repository(String text) {
    if (!BuildKinds.isWhole(text)) { // a slip would put it where anybody can read it
      throw new IllegalArgumentException(
          "%1$s: it does not say which registry; write ghcr.io/%1$s, or docker.io/%1$s"
              .formatted(text));
    }
    ImageReference image = AssetCache.parse(text);
    boolean tagged = text.lastIndexOf(':') > text.lastIndexOf('/');
    if (image.source() instanceof SourceImage.Repository repository
        && !tagged
        && image.digest() == null) {
      return repository;
    }
    throw new IllegalArgumentException(
        text + ": a repository without tag and digest, which come of the release");
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
    Map<String, ChannelSource> sources = new LinkedHashMap<>();
    in.sections("channels", "<name>")
        .forEach((name, section) -> sources.put(name, ChannelSource.read(name, section)));
    // What another is like, or made of, is read before it: its values are the other's defaults.
    var reading = new ChannelReading(sources);
    List<Channel> channels = new ArrayList<>();
    Map<String, SourceImage.Repository> pushes = new LinkedHashMap<>();
    Set<String> defaults = new LinkedHashSet<>();
    for (ChannelSource source : sources.values()) {
      reading.channel(source.name()).ifPresent(channels::add);
      if (reading.isDefault(source.name())) {
        defaults.add(source.name());
        if (defaults.size() > 1) {
          source.in().problem("default", "only one channel can be the default: " + defaults);
        }
      }
    }
    sources.forEach((name, source) ->
        push(source.in(), channels, name).ifPresent(to -> add(pushes, source, to)));
    reading.checkBases();
    List<Channel> bootable =
        channels.stream().filter(channel -> channel.content() == Content.BOOT).toList();
    String only = bootable.size() == 1 ? bootable.getFirst().name() : null;
    return new ChannelsConfig(channels, defaults.stream().findFirst().orElse(only), pushes);
  }

  /** What two put under one tag would be now the one's, now the other's. */
  private static void add(
      Map<String, SourceImage.Repository> pushes, ChannelSource source, SourceImage.Repository to) {
    pushes.entrySet().stream()
        .filter(other -> other.getValue().equals(to))
        .findFirst()
        .ifPresent(other ->
            source
                .in()
                .problem(
                    "push",
                    "channel %s puts its images into %s, too, and both would be tagged with the Talos"
                            .formatted(other.getKey(), to.display())
                        + " version alone: give each a repository of its own"));
    pushes.put(source.name(), to);
  }

  private static Optional<SourceImage.Repository> push(
      ConfigReader in, List<Channel> channels, String name) {
    Optional<SourceImage.Repository> to =
        in.optional(
            "push",
            "where the installer image of each new release is put, with its Talos version as tag and"
                + " the credentials of registry.docker-config",
            REPOSITORY);
    boolean makes =
        channels.stream()
            .filter(channel -> channel.name().equals(name))
            .anyMatch(channel ->
                channel.image().source() instanceof SourceImage.Composed(var of)
                    && of.outputs().contains(Composition.Output.INSTALLER));
    if (to.isPresent() && !makes) {
      in.problem("push", "the channel makes no installer image; add installer to build.outputs");
    }
    return to;
  }
}
