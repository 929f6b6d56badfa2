package dev.moonboot.assets;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All patch releases of one minor version of Talos. Written {@code v1.13.*}, which no tag of an
 * image can be (distribution-spec, "Pulling manifests"), so that tags keep meaning themselves;
 * {@code v1.14.*-pre} has pre-releases too.
 *
 * @param pre whether alpha, beta and rc releases belong to it
 */
public record VersionLine(int major, int minor, boolean pre) {
  private static final String PRE = "-pre";
  private static final Pattern FORM =
      Pattern.compile("v?(0|[1-9]\\d{0,3})\\.(0|[1-9]\\d{0,3})\\.\\*(-pre)?");

  /** With its v: without it YAML takes 1.10 for a number, which is 1.1. */
  private static final Pattern SHORT =
      Pattern.compile("v(0|[1-9]\\d{0,3})\\.(0|[1-9]\\d{0,3})(?:\\.x)?(-pre)?");

  /** What Talos calls its pre-releases; builds between two of them have more behind it. */
  private static final Pattern PRE_RELEASE = Pattern.compile("(?:alpha|beta|rc)\\.\\d+");

  /** Of equal versions the tag that is written as Talos writes it. */
  private static final Comparator<Tagged> ORDER =
      Comparator.comparing(Tagged::version)
          .thenComparing(tagged -> tagged.tag().equals(tagged.version().toString()));

  /** A tag, and the version that it is. */
  public record Tagged(String tag, TalosVersion version) {}

  /** {@code v1.13.*}, {@code v1.14.*-pre}; empty for anything else. */
  public static Optional<VersionLine> parse(String text) {
    return of(FORM.matcher(text));
  }

  /** As {@link #parse}, and short where nothing else can be meant: {@code v1.13}. */
  public static Optional<VersionLine> parseShort(String text) {
    return parse(text).or(() -> of(SHORT.matcher(text)));
  }

  private static Optional<VersionLine> of(Matcher match) {
    return match.matches()
        ? Optional.of(
            new VersionLine(
                Integer.parseInt(match.group(1)),
                Integer.parseInt(match.group(2)),
                match.group(3) != null))
        : Optional.empty();
  }

  /** Whether the version is one of the line. */
  public boolean contains(TalosVersion version) {
    return version.major() == major
        && version.minor() == minor
        && (version.isRelease() || (pre && PRE_RELEASE.matcher(version.pre()).matches()));
  }

  /**
   * The newest version of the line among tags, whatever else they are; empty when there is none.
   */
  public Optional<Tagged> newest(Collection<String> tags) {
    return tags.stream()
        .flatMap(tag ->
            TalosVersion.parse(tag).stream()
                .filter(version ->
                    tag.equals(version.toString()) || ("v" + tag).equals(version.toString()))
                .filter(this::contains)
                .map(version -> new Tagged(tag, version)))
        .max(ORDER);
  }

  /** {@code v1.13.*}. */
  @Override
  public String toString() {
    return "v" + major + "." + minor + ".*" + (pre ? PRE : "");
  }
}
