package dev.moonboot.server;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Composition;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.cache.BuildRun;
import dev.moonboot.assets.verify.SignaturePolicy;
import dev.moonboot.cli.ConsoleProgress;
import dev.moonboot.config.Configuration;
import dev.moonboot.config.Suggestion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which builds a command is for, and of which configuration. */
final class BuildOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "The configuration of serve (YAML).")
  private @Nullable Path config;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..*",
      description = "Channels with a build; default: all that have one.")
  private final List<String> names = new ArrayList<>();

  /** The configuration. */
  ApplianceConfig read(CommandContext context) {
    return Configuration.load(
            context.given(config, "--config"), System.getenv(), ApplianceConfig::read)
        .value();
  }

  /** The channels that were named. */
  List<Channel> chosen(ApplianceConfig read, CommandContext context) {
    return chosen(read, names, context);
  }

  /** What is found out of one build. */
  @FunctionalInterface
  interface Question<T> {
    T ask(BuildRun run, Channel channel);
  }

  /** What is found out of each build that was named, as it is configured; progress is shown. */
  <T> Map<Channel, T> each(ApplianceConfig read, CommandContext context, Question<T> question) {
    return running(
        read,
        BuildRun.By.CONFIGURATION,
        context,
        run -> {
          Map<Channel, T> answers = new LinkedHashMap<>();
          chosen(read, context)
              .forEach(channel -> answers.put(channel, question.ask(run, channel)));
          return answers;
        });
  }

  /** Does something with builds that composes nothing; progress is shown. */
  static <T> T running(
      ApplianceConfig read, BuildRun.By by, CommandContext context, Function<BuildRun, T> work) {
    return running(read, by, BuildFolder.scratch(), context, work);
  }

  /**
   * As above.
   *
   * @param within a folder with room for what is pulled and composed
   */
  static <T> T running(
      ApplianceConfig read,
      BuildRun.By by,
      Path within,
      CommandContext context,
      Function<BuildRun, T> work) {
    var progress = new ConsoleProgress(context.err(), ConsoleProgress.onTerminal(), "");
    try (BuildRun run = BuildRun.begin(setting(read), by, within, progress)) {
      return work.apply(run);
    } finally {
      progress.clear();
    }
  }

  /** The channels of those names, or all that have a build. */
  static List<Channel> chosen(ApplianceConfig read, List<String> names, CommandContext context) {
    List<Channel> builds =
        read.channels().channels().stream()
            .filter(channel -> channel.image().source() instanceof SourceImage.Composed)
            .toList();
    if (builds.isEmpty()) {
      throw context.wrongUsage(
          "the configuration has no build: a channel with build: instead of image: is one");
    }
    List<String> known = builds.stream().map(Channel::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw context.wrongUsage(
            "%s is no build%s; there are %s"
                .formatted(name, Suggestion.among(name, known), String.join(", ", known)));
      }
    }
    return builds.stream()
        .filter(channel -> names.isEmpty() || names.contains(channel.name()))
        .toList();
  }

  /** What builds of that configuration stand in. */
  static BuildRun.Setting setting(ApplianceConfig read) {
    return new BuildRun.Setting(
        read.channels().channels(),
        read.registry(),
        SignaturePolicy.of(read.trust()),
        read.build().settings(read.channels().channels()));
  }

  static Composition composition(Channel channel) {
    return switch (channel.image().source()) {
      case SourceImage.Composed(var composition) -> composition;
      case SourceImage other -> throw new IllegalArgumentException(other.display());
    };
  }
}
