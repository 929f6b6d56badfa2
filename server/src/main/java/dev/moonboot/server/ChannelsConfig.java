package dev.moonboot.server;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Content;
import dev.moonboot.config.ConfigReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
    Map<String, ChannelSource> sources = new LinkedHashMap<>();
    in.sections("channels", "<name>")
        .forEach((name, section) -> sources.put(name, ChannelSource.read(name, section)));
    // What another is like, or made of, is read before it: its values are the other's defaults.
    var reading = new ChannelReading(sources);
    List<Channel> channels = new ArrayList<>();
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
    reading.checkBases();
    List<Channel> bootable =
        channels.stream().filter(channel -> channel.content() == Content.BOOT).toList();
    String only = bootable.size() == 1 ? bootable.getFirst().name() : null;
    return new ChannelsConfig(channels, defaults.stream().findFirst().orElse(only));
  }
}
