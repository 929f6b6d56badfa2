package dev.moonboot.boot;

import static java.util.stream.Collectors.joining;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.release.AssetLookup;
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
 * Puts the release into the URLs of one boot plan, so that all of them name the same one whenever
 * they are fetched. Only the channel part of our own URLs changes; every other byte stays.
 */
final class ReleaseUrls {
  /** A release that the plan's URLs name, with the channel it was found by. */
  record Named(String channel, Release release) {}

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
  }

  private static final Pattern ARCH_VARIABLE = Pattern.compile("\\$\\{buildarch(:\\w+)?}");

  private final Form form;
  private final Releases releases;
  private final Map<String, Release> heads = new LinkedHashMap<>();
  private @Nullable Named first;
  private @Nullable Arch arch;
  private @Nullable String waitingFor;

  ReleaseUrls(Form form, Releases releases) {
    this.form = form;
    this.releases = releases;
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
    int slash = path.indexOf('/');
    String top = slash < 0 ? "" : path.substring(0, slash);
    noteArch(path);
    if (releases.hasChannel(top)) {
      String rest = path.substring(slash + 1);
      return rest.startsWith("sha256-") ? fixed(path, top, rest) : top + head(top) + "/" + rest;
    }
    Optional<String> channel = releases.defaultChannel();
    return channel.isPresent() && isArch(top)
        ? channel.get() + head(channel.get()) + "/" + path
        : path;
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

  /** The head as it was when this plan first asked: a refresh meanwhile must not mix two. */
  private String head(String channel) {
    Release head = heads.get(channel);
    if (head == null) {
      head = releases.head(channel).orElse(null);
    }
    if (head == null) {
      waitingFor = waitingFor == null ? channel : waitingFor;
      return "";
    }
    heads.put(channel, head);
    noteRelease(new Named(channel, head));
    return "/" + head.digest().fileName();
  }

  /** The profile names a release itself: the URL stays, and its command line is that release's. */
  private String fixed(String path, String channel, String rest) {
    int slash = rest.indexOf('/');
    try {
      Digest digest = Digest.parseFileName(slash < 0 ? rest : rest.substring(0, slash));
      releases.release(channel, digest).ifPresent(r -> noteRelease(new Named(channel, r)));
    } catch (IllegalArgumentException e) {
      return path; // no digest after all: left to fail where it is fetched
    }
    return path;
  }

  private void noteRelease(Named named) {
    first = first == null ? named : first;
  }

  /** The first release that was named. */
  Optional<Named> release() {
    return Optional.ofNullable(first);
  }

  /** The architecture of the first URL that says one. */
  Optional<Arch> arch() {
    return Optional.ofNullable(arch);
  }

  /** The first channel that was named and has no release yet. */
  Optional<String> waitingFor() {
    return Optional.ofNullable(waitingFor);
  }
}
