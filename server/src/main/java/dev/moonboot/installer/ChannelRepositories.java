package dev.moonboot.installer;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.installer.RegistryAnswer.Code;
import dev.moonboot.release.Releases;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * {@code installer/<channel>} of each channel that has installer images, with a tag for each Talos
 * version, {@code latest} for the head, and {@code sha256-<hex>} for each release.
 */
final class ChannelRepositories implements Repositories {
  private static final String LATEST = "latest";

  private final Releases releases;
  private final ReleaseSignatures signatures;

  ChannelRepositories(Releases releases, ReleaseSignatures signatures) {
    this.releases = releases;
    this.signatures = signatures;
  }

  @Override
  public boolean isAny() {
    return releases.channels().stream().anyMatch(ChannelRepositories::hasInstallers);
  }

  private static boolean hasInstallers(Channel channel) {
    return channel.image().source() instanceof SourceImage.Composed(var of)
        && of.outputs().contains(Output.INSTALLER);
  }

  @Override
  public Optional<ImageRepository> find(String name) {
    if (!name.startsWith(InstallerRepositories.FOLDER)) {
      return Optional.empty();
    }
    return releases
        .channel(name.substring(InstallerRepositories.FOLDER.length()))
        .filter(ChannelRepositories::hasInstallers)
        .map(channel -> repository(name, channel));
  }

  private ImageRepository repository(String name, Channel channel) {
    List<Release> all = releases(channel);
    SortedMap<String, Release> tags = new TreeMap<>();
    ImageRepository.tag(all, tags);
    head(channel.name()).ifPresent(head -> tags.put(LATEST, head));
    return new ImageRepository(name, all, tags, signatures);
  }

  /** The head, then others that were made for the channel; without what cannot be served now. */
  private List<Release> releases(Channel channel) {
    String source = channel.image().toString();
    return Stream.concat(
            releases.newestFirst(channel.name()).stream(),
            releases.held().stream().filter(release -> release.source().equals(source)))
        .distinct()
        .filter(release -> !releases.isDamaged(release.digest()))
        .toList();
  }

  /** The image of a head that can be served now. */
  Optional<Release> head(String channel) {
    return releases
        .servableHead(channel)
        .filter(release -> InstallerFiles.index(release).isPresent());
  }

  @Override
  public Optional<RegistryAnswer> list(String name) {
    return find(name).map(repository -> repository.list(List.of()));
  }

  @Override
  public Optional<RegistryAnswer> tagged(String name, String tag) {
    return find(name).map(repository -> tagged(repository, tag));
  }

  private static RegistryAnswer tagged(ImageRepository repository, String tag) {
    return repository
        .tagged(tag)
        .orElseGet(() ->
            repository.tags().isEmpty()
                ? new RegistryAnswer.NotReady(repository.name())
                : new RegistryAnswer.Unknown(
                    Code.MANIFEST_UNKNOWN,
                    "%s has no tag %s; there are %s"
                        .formatted(
                            repository.name(),
                            tag,
                            String.join(", ", repository.tags().keySet()))));
  }
}
