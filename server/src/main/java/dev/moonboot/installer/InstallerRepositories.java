package dev.moonboot.installer;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.verify.SignatureForms;
import dev.moonboot.factory.Factory;
import dev.moonboot.installer.RegistryAnswer.Code;
import dev.moonboot.release.Releases;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The installer images as repositories: {@code installer/<channel>} of channels, and those of
 * schematics where this appliance is an Image Factory. Answers from memory, but for what is made of
 * schematics when it is asked for. Only what belongs to a repository is found in it, by whatever
 * digest.
 */
public final class InstallerRepositories {
  /** What the names of channels' repositories begin with. */
  public static final String FOLDER = "installer/";

  private static final Pattern THING =
      Pattern.compile("([^:]{1,255})/(manifests|blobs|referrers)/([^/]{1,255})");
  private static final Pattern TAGS = Pattern.compile("([^:]{1,255})/tags/list");

  private final ChannelRepositories channels;
  private final ReleaseSignatures signatures;
  private final List<Repositories> all;

  /** Of channels alone. */
  public InstallerRepositories(Releases releases, ReleaseSignatures signatures) {
    this(releases, signatures, null);
  }

  /**
   * @param factory where this appliance is one
   */
  public InstallerRepositories(
      Releases releases, ReleaseSignatures signatures, @Nullable Factory factory) {
    this.channels = new ChannelRepositories(releases, signatures);
    this.signatures = signatures;
    this.all =
        factory == null
            ? List.of(channels)
            : List.of(channels, new SchematicRepositories(factory.installers(), signatures));
  }

  /** Whether there can be any installer image: else there is no registry here at all. */
  public boolean isAny() {
    return all.stream().anyMatch(Repositories::isAny);
  }

  /** The repository that a composed release's image is in. */
  static String repository(Release release) {
    return FOLDER + release.source().substring(release.source().indexOf(':') + 1);
  }

  /**
   * What a path means; takes long where that has to be made first.
   *
   * @param path below {@code /v2/}
   */
  public RegistryAnswer lookup(String path) {
    if (path.isEmpty()) {
      return new RegistryAnswer.Here();
    }
    Matcher tags = TAGS.matcher(path);
    if (tags.matches()) {
      return in(tags.group(1), kind -> kind.list(tags.group(1)));
    }
    Matcher thing = THING.matcher(path);
    if (!thing.matches()) {
      return new RegistryAnswer.Unknown(Code.NAME_UNKNOWN, "there is no such endpoint");
    }
    String name = thing.group(1);
    String reference = thing.group(3);
    boolean tag = thing.group(2).equals("manifests") && !reference.contains(":");
    return in(
        name,
        kind ->
            tag
                ? kind.tagged(name, reference)
                : kind.find(name)
                    .map(repository -> repository.byDigest(thing.group(2), reference)));
  }

  private RegistryAnswer in(String name, Function<Repositories, Optional<RegistryAnswer>> asked) {
    return first(asked)
        .orElseGet(() ->
            new RegistryAnswer.Unknown(
                Code.NAME_UNKNOWN,
                "%s is no repository; there is installer/NAME for each channel with the output installer%s"
                    .formatted(
                        name,
                        all.size() == 1
                            ? ""
                            : ", and installer/ID and PLATFORM-installer/ID for each schematic")));
  }

  /** Of the first kind that knows it; those behind it are not asked. */
  private <T> Optional<T> first(Function<Repositories, Optional<T>> asked) {
    return all.stream().flatMap(kind -> asked.apply(kind).stream()).findFirst();
  }

  /** Whether a repository of that name is a channel's: what is not in it is nowhere. */
  boolean isOfChannel(String name) {
    return channels.find(name).isPresent();
  }

  /** The release whose image a tag, or where there is one a digest, names; makes none. */
  Optional<Release> release(String name, String tag, Optional<String> digest) {
    return first(kind -> kind.find(name).flatMap(repository -> repository.release(tag, digest)));
  }

  /** The image of a head that can be served now, for what is to be put elsewhere. */
  public Optional<Release> head(String channel) {
    return channels.head(channel);
  }

  /** What is attached to an installer image, to be put elsewhere with it. */
  public List<SignatureForms.Attached> attached(Digest index) {
    return signatures.image(index).map(ReleaseSignatures.OfImage::all).orElse(List.of());
  }
}
