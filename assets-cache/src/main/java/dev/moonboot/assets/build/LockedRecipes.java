package dev.moonboot.assets.build;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Composition.Base;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.build.LockedInput.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a lock file fixes. The file is read at every question, so that a new one is in force at the
 * next look; what in it no longer fits the configuration is told, never guessed.
 */
public final class LockedRecipes implements RecipeSource {
  /** What to do where two configurations have builds of one name. */
  public static final String SITE_HINT =
      "build.site in either configuration has the file keep both";

  private final String name;
  private final String site;
  private final Supplier<LockFile> source;
  private final Map<String, Composition> compositions = new HashMap<>();

  /**
   * @param file need not be there
   * @param site what the configuration's builds begin with in it; empty for nothing
   * @param channels all of the configuration
   */
  public LockedRecipes(Path file, String site, List<Channel> channels) {
    this(String.valueOf(file.getFileName()), site, () -> LockFile.read(file), channels);
  }

  /** As {@link #LockedRecipes(Path, String, List)}, of a lock file that was read. */
  public LockedRecipes(
      String name, String site, Supplier<LockFile> source, List<Channel> channels) {
    this.name = name;
    this.site = site;
    this.source = source;
    for (Channel channel : channels) {
      if (channel.image().source() instanceof SourceImage.Composed(var composition)) {
        compositions.put(channel.name(), composition);
      }
    }
  }

  @Override
  public Locked locked(Composition composition, List<Arch> arches) {
    try {
      return new Locked.Fixed(recipe(source.get(), composition, arches));
    } catch (Unlocked | LockException e) {
      return new Locked.Missing(String.valueOf(e.getMessage()));
    } catch (Objection e) {
      return new Locked.Missing(
          switch (e.outcome()) {
            case Refresh.Rejected(var _, var _, var why) -> why;
            case Refresh.Failed(var _, var why, var _) -> why;
            case Refresh other -> other.toString();
          });
    }
  }

  private Recipe recipe(LockFile file, Composition composition, List<Arch> arches) {
    String channel = composition.name();
    String key = LockFile.key(site, channel);
    LockedBuild build = file.builds().get(key);
    if (build == null) {
      throw unlocked(channel, "%s has no build %s".formatted(name, key));
    }
    return Assembly.recipe(
        composition,
        arches,
        ground(file, composition, build, arches),
        new Assembly.Added(extensions(composition, build), installerBase(composition, build)));
  }

  private Assembly.Ground ground(
      LockFile file, Composition composition, LockedBuild build, List<Arch> arches) {
    String wanted = composition.base().name();
    if (!build.base().name().equals(wanted)) {
      throw other(
          composition.name(),
          "its base is %s, and in %s it is %s".formatted(wanted, name, build.base().name()));
    }
    Composition below =
        composition.base() instanceof Base.OfChannel(var channel)
            ? compositions.get(channel)
            : null;
    Optional<Input> base = build.base().input();
    if (below != null && base.isEmpty()) {
      Recipe of = recipe(file, below, arches);
      return new Assembly.Ground(of.base(), of.version(), of);
    } else if (below != null || base.isEmpty()) {
      throw unlocked(
          composition.name(),
          "its base %s is a build of its own now, or none any more".formatted(wanted));
    }
    return new Assembly.Ground(base.get(), build.version(), null);
  }

  private List<Input> extensions(Composition composition, LockedBuild build) {
    List<Input> found = new ArrayList<>();
    List<String> wanted = composition.extensions().stream().map(LockedBuild::name).toList();
    List<String> missing = new ArrayList<>();
    for (String extension : wanted) {
      build
          .find(Role.EXTENSION, extension)
          .flatMap(LockedInput::input)
          .ifPresentOrElse(found::add, () -> missing.add(extension));
    }
    if (!missing.isEmpty()) {
      throw other(
          composition.name(), "%s does not have %s".formatted(name, String.join(", ", missing)));
    }
    String gone =
        build.all(Role.EXTENSION).stream()
            .map(LockedInput::name)
            .filter(input -> !wanted.contains(input))
            .collect(Collectors.joining(", "));
    if (!gone.isEmpty()) {
      throw other(
          composition.name(), "%s has %s, no longer in the configuration".formatted(name, gone));
    }
    return found;
  }

  private @Nullable Input installerBase(Composition composition, LockedBuild build) {
    if (!composition.outputs().contains(Output.INSTALLER)) {
      return null;
    }
    List<LockedInput> locked = build.all(Role.INSTALLER_BASE);
    Optional<ImageReference> wanted = Optional.ofNullable(composition.installerBase());
    if (wanted.isEmpty() && build.base().image() != null) {
      wanted = ImagesBeside.installerBase(build.base().image(), build.version());
    }
    if (wanted.isEmpty()) {
      return null;
    }
    String base = wanted.get().toString();
    return locked.stream()
        .filter(input -> input.name().equals(base))
        .findFirst()
        .flatMap(LockedInput::input)
        .orElseThrow(() ->
            other(
                composition.name(),
                "%s does not have %s, for the installer".formatted(name, base)));
  }

  /** Of other inputs: the configuration was changed, or the entry is another one's. */
  private Unlocked other(String channel, String why) {
    return new Unlocked(
        "%s: moonboot build lock %s%s"
            .formatted(
                why,
                channel,
                site.isEmpty()
                    ? "; where another configuration has a build of that name, " + SITE_HINT
                    : ""));
  }

  private static Unlocked unlocked(String channel, String why) {
    return new Unlocked("%s: moonboot build lock %s".formatted(why, channel));
  }

  /** What is asked for is not locked. */
  private static final class Unlocked extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unlocked(String message) {
      super(message);
    }
  }
}
