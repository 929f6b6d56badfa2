package dev.moonboot.installer;

import dev.moonboot.assets.Release;
import dev.moonboot.factory.FactoryException;
import dev.moonboot.factory.Installers;
import dev.moonboot.factory.OrderStatus;
import dev.moonboot.installer.RegistryAnswer.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code installer/<schematic>} and {@code <platform>-installer/<schematic>}, as an Image Factory
 * has them (siderolabs/image-factory, internal/frontend/http/registry.go): a tag for each Talos
 * version, of which an image is made when it is asked for. No channel is meant by such a name,
 * since a channel's is shorter than the id of a schematic.
 */
final class SchematicRepositories implements Repositories {
  private static final Pattern NAME =
      Pattern.compile("(?:(?<platform>[A-Za-z-]{1,32})-)?installer/(?<schematic>[0-9a-f]{64})");
  private static final Duration AGAIN = Duration.ofSeconds(5);

  private final Installers installers;
  private final ReleaseSignatures signatures;

  SchematicRepositories(Installers installers, ReleaseSignatures signatures) {
    this.installers = installers;
    this.signatures = signatures;
  }

  /** Installer images of a schematic for a platform. */
  record Named(String name, String platform, String schematic) {
    /** What a repository of that name is; empty when it is none of these. */
    static Optional<Named> parse(String name) {
      Matcher match = NAME.matcher(name);
      if (!match.matches()) {
        return Optional.empty();
      }
      String platform = match.group("platform");
      return platform == null || Installers.isPlatform(platform)
          ? Optional.of(
              new Named(
                  name, platform == null ? Installers.METAL : platform, match.group("schematic")))
          : Optional.empty();
    }
  }

  @Override
  public boolean isAny() {
    return true;
  }

  @Override
  public Optional<ImageRepository> find(String name) {
    return Named.parse(name).map(this::repository);
  }

  private ImageRepository repository(Named named) {
    List<Release> made = installers.made(named.schematic(), named.platform());
    SortedMap<String, Release> tags = new TreeMap<>();
    ImageRepository.tag(made, tags);
    return new ImageRepository(named.name(), made, tags, signatures);
  }

  /** The versions of which there can be an image. */
  @Override
  public Optional<RegistryAnswer> list(String name) {
    return Named.parse(name)
        .map(named ->
            answer(() -> {
              List<String> tags = new ArrayList<>(installers.versions(named.schematic()));
              if (!tags.isEmpty()) {
                tags.add(Installers.LATEST);
              }
              return repository(named).list(tags);
            }));
  }

  /** The image may have to be made first: this may take long. */
  @Override
  public Optional<RegistryAnswer> tagged(String name, String tag) {
    return Named.parse(name)
        .map(named ->
            tag.startsWith("sha256-")
                ? kept(repository(named), tag)
                : answer(() -> image(named, repository(named), tag)));
  }

  private static RegistryAnswer kept(ImageRepository repository, String tag) {
    return repository
        .tagged(tag)
        .orElseGet(() ->
            new RegistryAnswer.Unknown(
                Code.MANIFEST_UNKNOWN, "%s has no tag %s".formatted(repository.name(), tag)));
  }

  private RegistryAnswer image(Named named, ImageRepository repository, String tag) {
    return switch (installers.image(named.schematic(), named.platform(), tag)) {
      case OrderStatus.Ready(var release) -> repository.image(release).orElseThrow();
      case OrderStatus.Coming(var _) ->
          new RegistryAnswer.Later(named.name() + " is being composed: ask again", AGAIN);
      case OrderStatus.Full(var again) ->
          new RegistryAnswer.Later("too much waits to be composed already", again);
      case OrderStatus.Failed(var status, var why, var again) ->
          new RegistryAnswer.Refused(status, why, again);
    };
  }

  private static RegistryAnswer answer(Supplier<RegistryAnswer> asked) {
    try {
      return asked.get();
    } catch (FactoryException e) {
      String why = String.valueOf(e.getMessage());
      return e.status() == 503
          ? new RegistryAnswer.Later(why, AGAIN)
          : new RegistryAnswer.Refused(e.status(), why, AGAIN);
    }
  }
}
