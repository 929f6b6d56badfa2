package dev.moonboot.server;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.cache.AssetCache;
import dev.moonboot.assets.cache.BuildRun;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.verify.SignatureForms;
import dev.moonboot.assets.verify.SigningKey;
import dev.moonboot.cli.ConsoleProgress;
import dev.moonboot.config.Configuration;
import dev.moonboot.installer.InstallerRepositories;
import dev.moonboot.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moonboot build push}. */
@Command(
    name = "push",
    description = {
      "Put a build's installer image into a registry: all architectures, and its signatures.",
      "Composes it here first, or takes what apply --output made. No service is needed: one that"
          + " runs pushes each new release by itself where channels.NAME.push says so."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  moonboot build push --config moonboot.yaml compute",
      "  moonboot build push --config moonboot.yaml --to ghcr.io/acme/installer --tag v1.13.9-1 compute",
      "  moonboot build push --config moonboot.yaml --from out --to ghcr.io/acme/installer compute",
      "",
      "Log in first as for any tool: docker login, skopeo login, or registry.docker-config."
    })
final class BuildPushCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "The configuration of serve (YAML).")
  private @Nullable Path config;

  @Option(
      names = "--to",
      paramLabel = "REGISTRY/REPO",
      description = "Where to; default: channels.NAME.push of the configuration.")
  private @Nullable String to;

  @Option(
      names = "--tag",
      paramLabel = "TAG",
      description = "What it is to be called, also several times; default: the Talos version.")
  private final List<String> tags = new ArrayList<>();

  @Option(
      names = "--from",
      paramLabel = "DIR",
      description = "Do not compose: push what moonboot build apply --output DIR has made.")
  private @Nullable Path from;

  @Option(names = "--json", description = "As JSON, for programs.")
  private boolean json;

  @Parameters(paramLabel = "NAME", description = "A channel with a build.")
  private @Nullable String name;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandContext context = CommandContext.of(spec);
    ApplianceConfig read =
        Configuration.load(
                context.given(config, "--config"), System.getenv(), ApplianceConfig::read)
            .value();
    Channel channel =
        BuildOptions.chosen(read, List.of(context.given(name, "NAME")), context).getFirst();
    if (!BuildOptions.composition(channel).outputs().contains(Output.INSTALLER)) {
      throw context.wrongUsage(
          "%1$s makes no installer image; add installer to channels.%1$s.build.outputs"
              .formatted(channel.name()));
    }
    var order =
        new Order(
            channel,
            target(read, channel, context),
            read,
            BuildSigning.key(read)); // or it would be told after all the work
    tags.forEach(
        tag -> checked("--tag", () -> AssetCache.parse(order.to().display() + ":" + tag), context));
    var progress = new ConsoleProgress(context.err(), ConsoleProgress.onTerminal(), "");
    try {
      Path made = from;
      tell(
          made == null ? compose(order, progress, context) : push(order, made, progress),
          order,
          context);
    } catch (RegistryException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    } finally {
      progress.clear();
    }
    return ExitCode.OK;
  }

  private record Order(
      Channel channel,
      SourceImage.Repository to,
      ApplianceConfig config,
      Optional<SigningKey> key) {}

  private record Pushed(Digest index, List<String> tags) {}

  private SourceImage.Repository target(
      ApplianceConfig read, Channel channel, CommandContext context) {
    String wanted = to;
    if (wanted == null) {
      return Optional.ofNullable(read.channels().pushes().get(channel.name()))
          .orElseThrow(() ->
              context.wrongUsage(
                  "say --to REGISTRY/REPO, or set channels.%s.push".formatted(channel.name())));
    }
    return checked("--to", () -> ChannelsConfig.repository(wanted), context);
  }

  private static <T> T checked(String option, Supplier<T> value, CommandContext context) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw context.wrongUsage(option + ": " + e.getMessage());
    }
  }

  /** All within one run, so that nothing is left of it wherever it is broken off. */
  private Pushed compose(Order order, ConsoleProgress progress, CommandContext context) {
    return BuildOptions.running(
        order.config(),
        BuildRun.By.CONFIGURATION,
        context,
        run -> {
          Path made = run.scratch();
          run.make(order.channel(), made);
          return push(order, made, progress);
        });
  }

  private Pushed push(Order order, Path made, ConsoleProgress progress) {
    InstallerFolder folder = InstallerFolder.read(made, order.channel());
    List<String> names = tags.isEmpty() ? List.of(folder.version()) : tags;
    InstallerPush image = InstallerPush.of(folder.parts(), names);
    image.with(signatures(order, image)).push(order.to(), order.config().registry(), progress);
    return new Pushed(image.index(), names);
  }

  private static List<SignatureForms.Attached> signatures(Order order, InstallerPush image) {
    return order
        .key()
        .map(key ->
            PushSignatures.missing(
                key,
                order.to(),
                order.config().registry(),
                image,
                InstallerRepositories.FOLDER + order.channel().name()))
        .orElse(List.of());
  }

  private void tell(Pushed pushed, Order order, CommandContext context) {
    List<String> references =
        pushed.tags().stream()
            .map(tag -> order.to().display() + ":" + tag + "@" + pushed.index())
            .toList();
    if (!json) {
      references.forEach(context.out()::println);
      return;
    }
    Json told =
        AuditCommand.object(
            "name", new Json.Str(order.channel().name()),
            "repository", new Json.Str(order.to().display()),
            "tags", texts(pushed.tags()),
            "digest", new Json.Str(pushed.index().toString()),
            "references", texts(references),
            "signed", new Json.Bool(order.key().isPresent()));
    context.out().print(told.pretty());
    context.out().flush();
  }

  private static Json texts(List<String> texts) {
    return new Json.Arr(texts.stream().<Json>map(Json.Str::new).toList());
  }
}
