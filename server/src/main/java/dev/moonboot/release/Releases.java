package dev.moonboot.release;

import static java.util.stream.Collectors.toMap;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which releases can be booted now, and what every path below {@code /assets/talos/} means.
 *
 * <p>An asset of the channel {@code custom} goes by these names, each with {@code .sha256} beside
 * it, and what is composed here with {@code .sha512}; {@code <arch>} is {@code amd64} or {@code
 * arm64}, or what iPXE calls it ({@code x86_64}, {@code i386}):
 *
 * <ul>
 *   <li>{@code talos/custom/vmlinuz-<arch>} and {@code talos/custom/<arch>/vmlinuz};
 *   <li>{@code talos/<arch>/vmlinuz}, when it is the default channel;
 *   <li>{@code talos/custom/sha256-<hex>/…} of the first two, which names one release for ever,
 *       whatever channel brought it.
 * </ul>
 *
 * <p>Readers take no lock and see all channels and pins as they were at one moment.
 */
public final class Releases {
  /** Where the assets of channels stand, below {@code /assets/}. */
  static final String FOLDER = "talos/";

  private static final System.Logger LOG = System.getLogger(Releases.class.getName());

  private final Map<String, Channel> channels;
  private final @Nullable String defaultChannel;
  private final AtomicReference<Serving> current;
  private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
  private final List<Consumer<List<Release>>> preparers = new CopyOnWriteArrayList<>();

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
    this.current = new AtomicReference<>(new Serving(empty, Map.of(), Set.of(), Decisions.NONE));
  }

  /** The channels, in the order they are configured. */
  public List<Channel> channels() {
    return List.copyOf(channels.values());
  }

  /** The names of the channels. */
  public Set<String> channelNames() {
    return channels.keySet();
  }

  /** The channel of that name. */
  public Optional<Channel> channel(String name) {
    return Optional.ofNullable(channels.get(name));
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
    return current.get().channel(channel).flatMap(ChannelReleases::head);
  }

  /** The channel's head, then what was its head before and is held. */
  public List<Release> newestFirst(String channel) {
    return current.get().channel(channel).map(ChannelReleases::newestFirst).orElse(List.of());
  }

  /** The release of that digest, whatever channel brought it; empty when it is not held. */
  public Optional<Release> release(Digest digest) {
    return Optional.ofNullable(current.get().held().get(digest.fileName()))
        .map(ReleaseFiles::release);
  }

  /** Every release that is held, in no order. */
  public List<Release> held() {
    return current.get().releases();
  }

  /** True when the release is held and cannot be served for now. */
  public boolean isDamaged(Digest digest) {
    return current.get().damaged().contains(digest);
  }

  /** True when the release is held and can be served now. */
  public boolean isServable(Digest digest) {
    return release(digest).isPresent() && !isDamaged(digest);
  }

  /** {@link #head}, where that can be served now. */
  public Optional<Release> servableHead(String channel) {
    return head(channel).filter(release -> !isDamaged(release.digest()));
  }

  /**
   * The release that a profile boots now: what it is pinned to, else the channel's head. Empty when
   * that is not held or cannot be served: a pinned profile boots nothing else meanwhile.
   *
   * @param channel the channel that the profile follows
   */
  public Optional<Effective> effective(String profile, String channel) {
    return current.get().effective(profile, channel);
  }

  /** Who is pinned to what, and which channels are held. */
  public Decisions decisions() {
    return current.get().decisions();
  }

  /**
   * The kernel command line that the release carries, without spaces around it; empty when the
   * release is not held, or has nothing for that architecture.
   */
  public Optional<String> cmdline(Digest release, Arch arch) {
    return Optional.ofNullable(current.get().held().get(release.fileName()))
        .flatMap(files -> files.cmdline(arch));
  }

  /** Tells of releases that are about to be held, before anybody can ask for them. */
  public void prepare(Consumer<List<Release>> coming) {
    preparers.add(coming);
  }

  /** Runs this now and whenever other releases are held, before whoever changed that goes on. */
  public void watch(Runnable changed) {
    watchers.add(changed);
    changed.run();
  }

  /**
   * Puts a channel's releases in force, all at once.
   *
   * @param newestFirst the head, then older releases that stay reachable by digest; an older one
   *     that cannot be read is left out
   * @throws IllegalArgumentException when the channel is unknown
   * @throws UncheckedIOException when the head's command line cannot be read; nothing changes then
   */
  public void advance(String channel, List<Release> newestFirst) {
    Channel known = channels.get(channel);
    if (known == null) {
      throw new IllegalArgumentException("unknown channel " + channel);
    }
    List<ReleaseFiles> files = new ArrayList<>();
    for (Release release : newestFirst) {
      if (files.isEmpty()) {
        files.add(files(release));
      } else {
        readable(release).ifPresent(files::add);
      }
    }
    ChannelReleases releases = new ChannelReleases(known, files);
    preparers.forEach(preparer -> preparer.accept(newestFirst));
    swap(serving -> serving.with(releases));
    watchers.forEach(Runnable::run);
  }

  /**
   * Offers a release by its digest, though no channel may name it.
   *
   * @throws UncheckedIOException when a command line cannot be read; nothing changes then
   */
  public void offer(Release release) {
    ReleaseFiles files = files(release);
    preparers.forEach(preparer -> preparer.accept(List.of(release)));
    swap(serving -> serving.with(files));
    watchers.forEach(Runnable::run);
  }

  /**
   * Forgets all releases but those that are held and the heads; offers what is new, and what has
   * other files by now. One that cannot be read is left out.
   *
   * @param held asked again where another release is offered meanwhile, which it may have by now
   */
  public void keep(Supplier<List<Release>> held) {
    swap(serving -> serving.keeping(files(held)));
    watchers.forEach(Runnable::run);
  }

  /**
   * Serves these releases no more, until they are left out here: nodes are told to wait. From the
   * moment when one is left out it has the files it is held with then.
   *
   * @param held as for {@link #keep}
   */
  public void damaged(Set<Digest> releases, Supplier<List<Release>> held) {
    swap(serving -> {
      boolean isEnd = !releases.containsAll(serving.damaged());
      return (isEnd ? serving.keeping(files(held)) : serving).damaged(releases);
    });
    watchers.forEach(Runnable::run);
  }

  private List<ReleaseFiles> files(Supplier<List<Release>> held) {
    return held.get().stream().flatMap(release -> readable(release).stream()).toList();
  }

  /** Puts decisions in force. */
  void decide(Decisions decisions) {
    swap(serving -> serving.with(decisions));
  }

  private void swap(UnaryOperator<Serving> change) {
    current.updateAndGet(change);
  }

  private Optional<ReleaseFiles> readable(Release release) {
    try {
      return Optional.of(files(release));
    } catch (UncheckedIOException e) {
      LOG.log(Level.WARNING, "release={0} left_out=\"{1}\"", release.digest(), e.getMessage());
      return Optional.empty();
    }
  }

  /** What was read of a release once is not read again. */
  private ReleaseFiles files(Release release) {
    ReleaseFiles known = current.get().held().get(release.digest().fileName());
    return known != null && known.release().equals(release) ? known : new ReleaseFiles(release);
  }

  /**
   * What a path means to everybody.
   *
   * @param path below {@code /assets/}, percent-decoded: {@code talos/custom/vmlinuz-arm64}
   */
  public AssetLookup lookup(String path) {
    return lookup(path, _ -> Optional.empty());
  }

  /**
   * What a path means to a client.
   *
   * @param path below {@code /assets/}, percent-decoded: {@code talos/custom/vmlinuz-arm64}
   * @param told the release that the client's last script named for a channel: a path that names no
   *     release means that one
   */
  AssetLookup lookup(String path, Function<String, Optional<Digest>> told) {
    int slash = path.startsWith(FOLDER) ? path.indexOf('/', FOLDER.length()) : -1;
    if (slash < 0) {
      return new AssetLookup.NotOurs();
    }
    String first = path.substring(FOLDER.length(), slash);
    if (defaultChannel != null && !channels.containsKey(first) && Arch.parse(first).isPresent()) {
      return current.get().lookup(defaultChannel, path.substring(FOLDER.length()), told);
    }
    return current.get().lookup(first, path.substring(slash + 1), told);
  }
}
