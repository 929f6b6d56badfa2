package dev.moonboot.factory;

import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.verify.ImagePattern;
import dev.moonboot.config.Check;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Kind;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * The Image Factory on the boot listener.
 *
 * @param url how clients reach it, without a slash at the end; empty for what nodes are told
 * @param base the repository of imager images, one tag for each Talos version
 * @param catalogs images that say which image an official extension is, each asked for with the
 *     Talos version as its tag; empty for the ones beside the base
 * @param custom which images {@code customExtensions} may name
 * @param concurrency how much is composed at once
 * @param schematics how many are kept
 * @param kept how many things that were composed are kept, those asked for last
 */
public record FactoryConfig(
    String url,
    SourceImage.Repository base,
    List<SourceImage.Repository> catalogs,
    List<ImagePattern> custom,
    int concurrency,
    int schematics,
    int kept) {
  private static final String BASE = "ghcr.io/siderolabs/imager";

  public FactoryConfig {
    catalogs = List.copyOf(catalogs);
    custom = List.copyOf(custom);
  }

  /**
   * Reads the section {@code factory}; empty where it is not enabled.
   *
   * @param images reads an image as a person writes it
   */
  public static Optional<FactoryConfig> read(ConfigReader in, Kind<ImageReference> images) {
    boolean enabled =
        in.bool(
            "enabled",
            "whether the boot listener answers as an Image Factory, which composes what it is asked"
                + " for",
            false);
    Kind<SourceImage.Repository> repository =
        new Kind<>(
            "a repository such as " + BASE,
            text -> repository(text, images),
            SourceImage.Repository::display);
    Optional<URI> url =
        in.optional(
            "url",
            "the URL under which clients reach it, for its scripts and tar files; otherwise"
                + " http.advertise, or the address that was asked",
            Kind.URL);
    SourceImage.Repository base =
        in.value(
            "base",
            "the repository with an imager image for each Talos version",
            repository(BASE, images),
            repository,
            List.of());
    List<SourceImage.Repository> catalogs =
        in.values(
            "catalogs",
            "repositories that say, under the tag of each Talos version, which image an official"
                + " extension is; otherwise siderolabs/extensions beside the base",
            List.of(),
            repository);
    List<ImagePattern> custom =
        in.values(
            "custom",
            "the images that customExtensions of schematics may name; none without it, since whoever"
                + " reaches the boot listener may post a schematic",
            List.of(),
            new Kind<>(
                "a repository such as ghcr.io/acme/*",
                ImagePattern::parse,
                ImagePattern::toString));
    FactoryConfig config =
        new FactoryConfig(
            url.map(u -> u.toString().replaceFirst("/+$", "")).orElse(""),
            base,
            catalogs,
            custom,
            in.integer("concurrency", "how much is composed at once", 1, Check.atLeast(1)),
            in.integer(
                "schematics",
                "schematics that are kept; beyond that those go first of which nothing was ever"
                    + " asked for, then those asked for longest ago",
                1000,
                Check.atLeast(1)),
            in.integer(
                "keep",
                "composed things that no sweep deletes, those asked for last",
                32,
                Check.atLeast(1)));
    return enabled ? Optional.of(config) : Optional.empty();
  }

  private static SourceImage.Repository repository(String text, Kind<ImageReference> images) {
    ImageReference image = images.parser().apply(text);
    boolean tagged = text.lastIndexOf(':') > text.lastIndexOf('/');
    if (image.source() instanceof SourceImage.Repository repository
        && !tagged
        && image.digest() == null) {
      return repository;
    }
    throw new IllegalArgumentException("a repository in a registry, without tag and digest");
  }
}
