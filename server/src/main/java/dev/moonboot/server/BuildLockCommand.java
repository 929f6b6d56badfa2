package dev.moonboot.server;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.build.LockFile;
import dev.moonboot.assets.build.LockedBuild;
import dev.moonboot.assets.build.LockedInput;
import dev.moonboot.assets.cache.BuildRun;
import dev.moonboot.config.Suggestion;
import dev.moonboot.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code moonboot build lock}. */
@Command(
    name = "lock",
    description = {
      "Find out what every input of a build is now, show what moves, and write it to the lock file.",
      "Builds that are not named, or not in this configuration, stay in the file as they are."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  moonboot build lock --config moonboot.yaml",
      "  moonboot build lock --config moonboot.yaml compute --upgrade-only siderolabs/gvisor",
      "  moonboot build lock --config moonboot.yaml --check"
    })
final class BuildLockCommand implements Callable<Integer> {
  @Mixin private final BuildOptions builds = new BuildOptions();

  @Option(
      names = "--upgrade-only",
      paramLabel = "INPUT",
      description =
          "Only this input may move, by its name in the configuration; others stay. Repeatable.")
  private final Set<String> upgradeOnly = new HashSet<>();

  @Option(names = "--check", description = "Write nothing; end with 1 when something would move.")
  private boolean check;

  @Mixin private final JsonOption form = new JsonOption();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandContext context = CommandContext.of(spec);
    ApplianceConfig config = builds.read(context);
    List<Channel> chosen = builds.chosen(config, context);
    Path path = config.build().lock();
    LockFile before = LockFile.read(path);
    LockFile after =
        BuildOptions.running(
            config,
            BuildRun.By.INPUTS,
            context,
            run -> new Locking(config, run, before).with(chosen));
    new LockDoubts(config.build(), before, after).lines(chosen).forEach(context.err()::println);
    List<BuildChanges> moves = moves(config.build(), chosen, before, after);
    boolean moved = moves.stream().anyMatch(BuildChanges::isAny) || !before.equals(after);
    if (moved && !check) {
      LockFile.change(path, now -> merged(now, after, keys(config.build(), chosen)));
    }
    form.answer(
        context.out(),
        () -> json(path, moved, moves),
        () -> {
          moves.forEach(move -> move.lines().forEach(context.out()::println));
          context.out().println(path + ": " + outcome(moved));
        });
    return moved && check ? ExitCode.FAILED : ExitCode.OK;
  }

  private String outcome(boolean moved) {
    if (!moved) {
      return "nothing moves";
    }
    return check ? "out of date: moonboot build lock brings it up to date" : "written";
  }

  private static List<String> keys(BuildConfig config, List<Channel> chosen) {
    return chosen.stream().map(channel -> LockFile.key(config.site(), channel.name())).toList();
  }

  /** To find everything out takes a while, in which others may have locked theirs. */
  private static LockFile merged(LockFile now, LockFile found, List<String> keys) {
    LockFile merged = now;
    for (String key : keys) {
      LockedBuild build = found.builds().get(key);
      merged = build == null ? merged : merged.with(key, build);
    }
    return merged;
  }

  private static List<BuildChanges> moves(
      BuildConfig config, List<Channel> chosen, LockFile before, LockFile after) {
    List<BuildChanges> moves = new ArrayList<>();
    for (String key : keys(config, chosen)) {
      LockedBuild to = after.builds().get(key);
      if (to != null) {
        moves.add(
            BuildChanges.between(
                key,
                Optional.ofNullable(before.builds().get(key))
                    .map(BuildDescription::of)
                    .orElse(BuildDescription.NONE),
                BuildDescription.of(to)));
      }
    }
    return moves;
  }

  private Json json(Path path, boolean moved, List<BuildChanges> moves) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("lock", new Json.Str(path.toString()));
    members.put("moved", new Json.Bool(moved));
    members.put("written", new Json.Bool(moved && !check));
    members.put("builds", new Json.Arr(moves.stream().<Json>map(BuildChanges::json).toList()));
    return new Json.Obj(members);
  }

  /** Locks builds one by one. */
  private final class Locking {
    private final ApplianceConfig config;
    private final BuildRun run;
    private final LockFile before;
    private final Map<Digest, String> versions = new HashMap<>();
    private final Map<Digest, String> kernels = new HashMap<>();

    Locking(ApplianceConfig config, BuildRun run, LockFile before) {
      this.config = config;
      this.run = run;
      this.before = before;
      for (LockedBuild build : before.builds().values()) {
        remember(build);
      }
    }

    /** What the file says of a digest holds for ever, so that nothing is pulled for it. */
    private void remember(LockedBuild build) {
      Digest base = build.base().digest();
      if (base != null && !build.kernelRelease().isEmpty()) {
        kernels.put(base, build.kernelRelease());
      }
      for (LockedInput input : build.all(LockedInput.Role.EXTENSION)) {
        Digest digest = input.digest();
        if (digest != null) {
          versions.put(digest, input.version());
        }
      }
    }

    /** A base that does not move decides which versions others are of. */
    private void keepBases(List<Channel> chosen) {
      for (Channel channel : config.channels().channels()) {
        LockedBuild build = before.builds().get(key(channel));
        if (build != null) {
          boolean moves =
              chosen.contains(channel)
                  && (upgradeOnly.isEmpty() || upgradeOnly.contains(build.base().name()));
          if (!moves) {
            build.base().input().ifPresent(input -> run.keep(channel.name(), input));
          }
        }
      }
    }

    private String key(Channel channel) {
      return LockFile.key(config.build().site(), channel.name());
    }

    LockFile with(List<Channel> chosen) {
      keepBases(chosen);
      LockFile file = before;
      Set<String> known = new HashSet<>();
      for (Channel channel : chosen) {
        Recipe recipe = run.resolve(channel).recipe();
        LockedBuild now = locked(channel, recipe);
        known.addAll(now.inputs().stream().map(LockedInput::name).toList());
        LockedBuild old = before.builds().get(key(channel));
        file =
            file.with(
                key(channel),
                upgradeOnly.isEmpty() || old == null ? now : now.onlyMoving(upgradeOnly, old));
      }
      String alien =
          upgradeOnly.stream()
              .filter(name -> !known.contains(name))
              .sorted()
              .collect(Collectors.joining(", "));
      if (!alien.isEmpty()) {
        throw CommandContext.of(spec)
            .wrongUsage(
                "--upgrade-only: no build has %s%s; there are %s"
                    .formatted(
                        alien,
                        Suggestion.among(alien, known),
                        known.stream().sorted().collect(Collectors.joining(", "))));
      }
      return file;
    }

    private LockedBuild locked(Channel channel, Recipe recipe) {
      Composition composition = BuildOptions.composition(channel);
      Digest base = recipe.base().digest();
      String kernel = kernels.computeIfAbsent(base, _ -> run.kernelRelease(recipe));
      Arch arch = recipe.arches().getFirst();
      for (Input extension : recipe.extensions()) {
        versions.computeIfAbsent(extension.digest(), _ -> run.version(extension, arch));
      }
      return LockedBuild.of(
          composition,
          recipe,
          isComposed(composition),
          kernel,
          digest -> versions.getOrDefault(digest, ""));
    }

    private boolean isComposed(Composition composition) {
      return composition.base() instanceof Composition.Base.OfChannel(var name)
          && config.channels().channels().stream()
              .anyMatch(channel ->
                  channel.name().equals(name)
                      && channel.image().source() instanceof SourceImage.Composed);
    }
  }
}
