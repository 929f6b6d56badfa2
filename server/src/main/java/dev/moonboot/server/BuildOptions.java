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
    Map<Channel, T> answers = new LinkedHashMap<>();
    var progress = new ConsoleProgress(context.err(), ConsoleProgress.onTerminal(), "");
    try (BuildRun run =
        BuildRun.begin(setting(read), BuildRun.By.CONFIGURATION, BuildFolder.scratch(), progress)) {
      chosen(read, context).forEach(channel -> answers.put(channel, question.ask(run, channel)));
    } finally {
      progress.clear();
    }
    return answers;
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
