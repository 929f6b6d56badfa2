package dev.moonboot.boot;

import static java.util.stream.Collectors.joining;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.release.AssetLookup;
import dev.moonboot.release.Effective;
import dev.moonboot.release.Pin;
import dev.moonboot.release.Releases;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Puts the releases that a profile boots into the URLs of one boot plan, so that all of them name
 * the same one whenever they are fetched. Only the channel part of our own URLs changes; every
 * other byte stays.
 */
final class ReleaseUrls {
  /** A release that the plan's URLs name, with the channel it was found by, and why that one. */
  record Named(String channel, Release release, BootPlan.By by) {}

  /** Finds our URLs in a line of iPXE or GRUB: words are what spaces separate. */
  static final class Form {
    private final Pattern url;

    /**
     * @param baseUrls what stands before {@code /assets/} when profiles give whole URLs ({@code
     *     http://10.0.0.1:8080}), besides nothing at all
     */
    Form(List<String> baseUrls) {
      String bases =
          baseUrls.stream()
              .flatMap(base -> Stream.of(base, grubDevice(base)))
              .map(base -> Pattern.quote(base.replaceFirst("/+$", "")) + "/|")
              .collect(joining());
      url = Pattern.compile("(?<!\\S)(" + bases + "/|)assets/talos/(\\S+)");
    }

    /** {@code http://host:port} as GRUB writes it: {@code (http,host:port)}. */
    private static String grubDevice(String base) {
      return base.replaceFirst("^(\\w+)://([^/]*)", "($1,$2)");
    }

    /** The paths below {@code assets/talos/} in a line. */
    List<String> paths(String line) {
      return url.matcher(line).results().map(found -> found.group(2)).toList();
    }
  }

  private static final Pattern ARCH_VARIABLE = Pattern.compile("\\$\\{buildarch(:\\w+)?}");

  private final Form form;
  private final Releases releases;
  private final String profile;
  private final @Nullable String pinnedChannel;
  private final Map<String, Named> filled = new LinkedHashMap<>();
  private final Map<String, Named> fixed = new LinkedHashMap<>();
  private @Nullable Named first;
  private @Nullable Arch arch;
  private @Nullable String waitingFor;
  private @Nullable String unbootable;

  /**
   * @param profile whose URLs they are
   */
  ReleaseUrls(Form form, Releases releases, String profile) {
    this.form = form;
    this.releases = releases;
    this.profile = profile;
    this.pinnedChannel = releases.decisions().pin(profile).map(Pin::channel).orElse(null);
  }

  /**
   * The entry (a URL with iPXE options before it) with the release in it; as it was when it is none
   * of ours.
   */
  String fill(String entry) {
    if (!entry.contains("assets/talos/")) {
      return entry;
    }
    Matcher url = form.url.matcher(entry);
    return url.replaceAll(found ->
        Matcher.quoteReplacement(found.group(1) + "assets/talos/" + fillPath(found.group(2))));
  }

  private String fillPath(String path) {
    Optional<String> channel = channel(path);
    if (channel.isEmpty()) {
      return path;
    }
    releases
        .channel(channel.get())
        .ifPresent(known -> note("channel " + known.name(), known.content()));
    String rest = belowChannel(path, channel.get());
    if (rest.startsWith("sha256-")) {
      noteFixed(channel.get(), rest);
      noteArch(path);
      return path;
    }
    String named = channel.get() + folder(channel.get()) + "/" + rest;
    noteArch(named);
    return named;
  }

  private void note(String what, Content content) {
    if (content != Content.BOOT && unbootable == null) {
      unbootable = holds(what, content);
    }
  }

  /** Why nothing of a channel or release can be booted. */
  static String holds(String what, Content content) {
    return "%s holds %s, nothing to boot".formatted(what, content.id());
  }

  /** The channel that a path below {@code assets/talos/} means; empty when it means none. */
  Optional<String> channel(String path) {
    int slash = path.indexOf('/');
    String top = slash < 0 ? "" : path.substring(0, slash);
    // A pin outlives its channel: the profile that names it still boots what it is pinned to.
    return releases.hasChannel(top) || (slash > 0 && top.equals(pinnedChannel))
        ? Optional.of(top)
        : releases.defaultChannel().filter(_ -> isArch(top));
  }

  private static String belowChannel(String path, String channel) {
    return path.startsWith(channel + "/") ? path.substring(channel.length() + 1) : path;
  }

  /** Whether a path below {@code assets/talos/} names a release itself. */
  boolean isFixed(String path) {
    return channel(path)
        .map(channel -> belowChannel(path, channel).startsWith("sha256-"))
        .orElse(false);
  }

  private static boolean isArch(String text) {
    return Arch.parse(text).isPresent() || ARCH_VARIABLE.matcher(text).matches();
  }

  private void noteArch(String path) {
    if (arch != null || path.contains("${")) {
      return;
    }
    int query = path.indexOf('?');
    String asset = "talos/" + (query < 0 ? path : path.substring(0, query));
    if (releases.lookup(asset) instanceof AssetLookup.Found found) {
      arch = found.asset().arch();
    }
  }

  /** What the profile booted when this plan first asked: a change meanwhile must not mix two. */
  private String folder(String channel) {
    Named known = filled.get(channel);
    if (known == null) {
      Optional<Effective> boots = releases.effective(profile, channel);
      if (boots.isEmpty()) {
        waitingFor = waitingFor == null ? channel : waitingFor;
        return "";
      }
      known = new Named(channel, boots.get().release(), by(boots.get().by()));
      filled.put(channel, known);
      first = first == null ? known : first;
    }
    return "/" + known.release().digest().fileName();
  }

  private static BootPlan.By by(Effective.By by) {
    return switch (by) {
      case PIN -> BootPlan.By.PIN;
      case CHANNEL -> BootPlan.By.CHANNEL;
    };
  }

  /** The profile names a release itself: the URL stays, and its command line is that release's. */
  private void noteFixed(String channel, String rest) {
    int slash = rest.indexOf('/');
    try {
      Digest digest = Digest.parseFileName(slash < 0 ? rest : rest.substring(0, slash));
      releases
          .release(digest)
          .ifPresent(release -> {
            note("release " + digest, release.content());
            Named named = new Named(channel, release, BootPlan.By.PROFILE);
            fixed.putIfAbsent(channel, named);
            first = first == null ? named : first;
          });
    } catch (IllegalArgumentException e) {
      // no digest after all: left to fail where it is fetched
    }
  }

  /** The first release that was named. */
  Optional<Named> release() {
    return Optional.ofNullable(first);
  }

  /** The releases that were named, by channel. */
  Map<String, Digest> named() {
    Map<String, Digest> named = new LinkedHashMap<>();
    fixed.forEach((channel, found) -> named.put(channel, found.release().digest()));
    filled.forEach((channel, found) -> named.put(channel, found.release().digest()));
    return named;
  }

  /** The architecture of the first URL that says one. */
  Optional<Arch> arch() {
    return Optional.ofNullable(arch);
  }

  /** Why what is named is nothing to boot, whatever is held of it; empty when it may be. */
  Optional<String> unbootable() {
    return Optional.ofNullable(unbootable);
  }

  /** The first channel that was named and has nothing to boot now. */
  Optional<String> waitingFor() {
    return Optional.ofNullable(waitingFor);
  }
}
