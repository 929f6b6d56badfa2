package dev.moonboot.release;

import static java.util.stream.Collectors.toMap;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which releases can be booted now, and what every path below {@code /assets/talos/} means.
 *
 * <p>An asset of the channel {@code custom} goes by these names, each with {@code .sha256} beside
 * it; {@code <arch>} is {@code amd64} or {@code arm64}, or what iPXE calls it ({@code x86_64},
 * {@code i386}):
 *
 * <ul>
 *   <li>{@code talos/custom/vmlinuz-<arch>} and {@code talos/custom/<arch>/vmlinuz};
 *   <li>{@code talos/<arch>/vmlinuz}, when it is the default channel;
 *   <li>{@code talos/custom/sha256-<hex>/…} of the first two, which names one release for ever.
 * </ul>
 *
 * <p>Readers take no lock and see all channels as they were at one moment.
 */
public final class Releases {
  /** Where the assets of channels stand, below {@code /assets/}. */
  static final String FOLDER = "talos/";

  private final Map<String, Channel> channels;
  private final @Nullable String defaultChannel;
  private final AtomicReference<Map<String, ChannelReleases>> current;

  /**
   * @param channels each with another name
   * @param defaultChannel the channel that {@code talos/<arch>/…} stands for; null for none
   * @throws IllegalArgumentException when the default channel is not among the channels
   */
  public Releases(List<Channel> channels, @Nullable String defaultChannel) {
    this.channels =
        channels.stream()
            .collect(toMap(Channel::name, Function.identity(), (a, b) -> a, LinkedHashMap::new));
    this.defaultChannel = defaultChannel;
    if (defaultChannel != null && !this.channels.containsKey(defaultChannel)) {
      throw new IllegalArgumentException("the default channel " + defaultChannel + " is unknown");
    }
    Map<String, ChannelReleases> empty = new HashMap<>();
    channels.forEach(channel -> empty.put(channel.name(), new ChannelReleases(channel, List.of())));
    this.current = new AtomicReference<>(Map.copyOf(empty));
  }

  /** The channels, in the order they are configured. */
  public List<Channel> channels() {
    return List.copyOf(channels.values());
  }

  /** The names of the channels. */
  public Set<String> channelNames() {
    return channels.keySet();
  }

  /** True when there is a channel of that name. */
  public boolean hasChannel(String name) {
    return channels.containsKey(name);
  }

  /** The channel that paths without one stand for. */
  public Optional<String> defaultChannel() {
    return Optional.ofNullable(defaultChannel);
  }

  /** What the channel names now; empty when it has no release yet, or is unknown. */
  public Optional<Release> head(String channel) {
    return now(channel).flatMap(ChannelReleases::head);
  }

  /** The release of that channel and digest, head or older. */
  public Optional<Release> release(String channel, Digest digest) {
    return now(channel).flatMap(releases -> releases.release(digest));
  }

  /**
   * The kernel command line that the release carries, without spaces around it; empty when the
   * release is not one of the channel's, or has nothing for that architecture.
   */
  public Optional<String> cmdline(String channel, Digest release, Arch arch) {
    return now(channel).flatMap(releases -> releases.cmdline(release, arch));
  }

  private Optional<ChannelReleases> now(String channel) {
    return Optional.ofNullable(current.get().get(channel));
  }

  /**
   * Puts a channel's releases in force, all at once.
   *
   * @param newestFirst the head, then older releases that stay reachable by digest
   * @throws IllegalArgumentException when the channel is unknown
   * @throws java.io.UncheckedIOException when a command line cannot be read; nothing changes then
   */
  public void advance(String channel, List<Release> newestFirst) {
    Channel known = channels.get(channel);
    if (known == null) {
      throw new IllegalArgumentException("unknown channel " + channel);
    }
    ChannelReleases releases = new ChannelReleases(known, newestFirst);
    current.updateAndGet(old -> {
      Map<String, ChannelReleases> next = new HashMap<>(old);
      next.put(channel, releases);
      return Map.copyOf(next);
    });
  }

  /**
   * Forgets the older releases of a channel that are not among {@code held} any more; its head
   * stays.
   *
   * @throws IllegalArgumentException when the channel is unknown
   */
  public void keep(String channel, Set<Digest> held) {
    if (!channels.containsKey(channel)) {
      throw new IllegalArgumentException("unknown channel " + channel);
    }
    current.updateAndGet(old -> {
      Map<String, ChannelReleases> next = new HashMap<>(old);
      next.computeIfPresent(channel, (_, releases) -> releases.keeping(held));
      return Map.copyOf(next);
    });
  }

  /**
   * What a path means.
   *
   * @param path below {@code /assets/}, percent-decoded: {@code talos/custom/vmlinuz-arm64}
   */
  public AssetLookup lookup(String path) {
    if (!path.startsWith(FOLDER)) {
      return new AssetLookup.NotOurs();
    }
    int slash = path.indexOf('/', FOLDER.length());
    if (slash < 0) {
      return new AssetLookup.NotOurs();
    }
    String first = path.substring(FOLDER.length(), slash);
    ChannelReleases named = current.get().get(first);
    if (named != null) {
      return named.lookup(path.substring(slash + 1));
    }
    if (defaultChannel != null && Arch.parse(first).isPresent()) {
      return now(defaultChannel).orElseThrow().lookup(path.substring(FOLDER.length()));
    }
    return new AssetLookup.NotOurs();
  }
}
