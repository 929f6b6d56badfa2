package dev.moonboot.server;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.cache.BuildRun;
import dev.moonboot.assets.cache.BuiltFiles;
import dev.moonboot.assets.cache.CacheException;
import dev.moonboot.assets.verify.SigningKey;
import dev.moonboot.cli.AdminOptions;
import dev.moonboot.cli.ChannelRefresh;
import dev.moonboot.config.Configuration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moonboot build apply}. */
@Command(
    name = "apply",
    description = {
      "Compose builds now: by a running moonboot, or with --output here.",
      "With --output nothing needs to run, and the files come into that folder."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  moonboot build apply compute gateway",
      "  moonboot build apply --config moonboot.yaml --output out compute"
    })
final class BuildApplyCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "The configuration of serve (YAML); needed with --output, or to mean all its builds.")
  private @Nullable Path config;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Compose here, and write the files, with their checksums, into this folder.")
  private @Nullable Path output;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..*",
      description = "Channels with a build; default: all of the configuration.")
  private final List<String> names = new ArrayList<>();

  @Mixin private final AdminOptions admin = new AdminOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandContext context = CommandContext.of(spec);
    Path into = output;
    if (into != null) {
      return compose(into, context);
    }
    if (config == null && names.isEmpty()) {
      throw context.wrongUsage("name builds, or --config FILE to mean all of it");
    }
    List<String> channels =
        config == null
            ? names
            : BuildOptions.chosen(read(context), names, context).stream()
                .map(Channel::name)
                .toList();
    return ChannelRefresh.run(admin, channels, context.out(), context.err());
  }

  private ApplianceConfig read(CommandContext context) {
    return Configuration.load(
            context.given(config, "--config"), System.getenv(), ApplianceConfig::read)
        .value();
  }

  private int compose(Path into, CommandContext context) {
    ApplianceConfig read = read(context);
    List<Channel> chosen = BuildOptions.chosen(read, names, context);
    Optional<SigningKey> key = BuildSigning.key(read); // or it would be told after all the work
    Path folder = BuildFolder.made(into);
    var told = new BuiltText(context.out(), admin.isJson());
    try {
      return BuildOptions.running(
          read,
          BuildRun.By.CONFIGURATION,
          folder,
          context,
          run -> {
            for (Channel channel : chosen) {
              BuiltFiles built = made(run, channel, place(folder, channel, chosen), told);
              key.ifPresent(signer -> BuildSigning.sign(built, signer));
            }
            return ExitCode.OK;
          });
    } finally {
      told.end();
    }
  }

  /** One build's files stand in the folder itself, as those of moonboot pull do. */
  private static Path place(Path folder, Channel channel, List<Channel> chosen) {
    return chosen.size() == 1 ? folder : BuildFolder.made(folder.resolve(channel.name()));
  }

  private static BuiltFiles made(BuildRun run, Channel channel, Path folder, BuiltText told) {
    try {
      BuiltFiles built = run.make(channel, folder);
      told.made(built);
      return built;
    } catch (CacheException e) {
      told.failed(channel.name(), e);
      throw e;
    }
  }
}
