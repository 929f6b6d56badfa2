package dev.moonboot.assets;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The immutable assets made from one image digest. The digest is its identity; two releases of
 * equal layers have equal assets.
 *
 * @param digest of what the tag named (an index or a single manifest)
 * @param source the image it was made from, as a person writes it
 * @param builds what was found for each architecture; never empty
 * @param created when it was made here
 * @param admission why it was let in
 */
public record Release(
    Digest digest, String source, Map<Arch, Build> builds, Instant created, Admission admission) {
  public Release {
    builds = Map.copyOf(builds);
    if (builds.isEmpty()) {
      throw new IllegalArgumentException("a release has at least one architecture");
    }
    if (builds.values().stream().map(Build::content).distinct().count() > 1) {
      throw new IllegalArgumentException("a release has one content for all architectures");
    }
  }

  /** A release whose signature nobody asked for. */
  public Release(Digest digest, String source, Map<Arch, Build> builds, Instant created) {
    this(digest, source, builds, created, Admission.UNCHECKED);
  }

  /** Whether it was put together here, and not taken out of one image. */
  public boolean isComposed() {
    return source.startsWith(SourceImage.Composed.PREFIX);
  }

  /** What its files are; the same for all architectures. */
  public Content content() {
    return builds.values().iterator().next().content();
  }

  /** The asset, if this release has one of that name for that architecture. */
  public Optional<Asset> asset(Arch arch, AssetName name) {
    return Optional.ofNullable(builds.get(arch)).map(build -> build.assets().get(name));
  }

  /** The Talos version inside ({@code v1.13.6}), or {@code unknown}: shown, never an identity. */
  public String version() {
    return builds.values().stream()
        .map(Build::talosVersion)
        .filter(version -> !version.isEmpty())
        .findFirst()
        .orElse("unknown");
  }
}
