package dev.moonboot.server;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.cache.BuildRun;
import dev.moonboot.assets.cache.BuiltFiles;
import dev.moonboot.assets.cache.ImagePull;
import dev.moonboot.assets.verify.SigningKey;
import dev.moonboot.cli.AdminOptions;
import dev.moonboot.cli.ChannelRefresh;
import dev.moonboot.cli.TextTable;
import dev.moonboot.config.Configuration;
import dev.moonboot.json.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    // One build's files stand in the folder itself, as those of moonboot pull do.
    List<BuiltFiles> built =
        BuildOptions.running(
            read,
            BuildRun.By.CONFIGURATION,
            folder,
            context,
            run ->
                chosen.stream()
                    .map(channel ->
                        run.make(
                            channel,
                            chosen.size() == 1
                                ? folder
                                : BuildFolder.made(folder.resolve(channel.name()))))
                    .toList());
    key.ifPresent(signer -> built.forEach(one -> BuildSigning.sign(one, signer)));
    if (admin.isJson()) {
      context.out().print(json(built).pretty());
      context.out().flush();
    } else {
      built.forEach(one -> print(one, context.out()));
    }
    return ExitCode.OK;
  }

  private static void print(BuiltFiles built, PrintWriter out) {
    out.println("build:" + built.build() + "  " + built.release());
    for (ImagePull.PulledArch arch : built.arches()) {
      out.println(
          ImageText.summary(
              arch.arch(),
              arch.layout(),
              arch.talosVersion(),
              arch.kernelRelease(),
              arch.extensions()));
      var table = new TextTable().row("FILE", "SIZE", "SHA256");
      arch.files()
          .forEach(file ->
              table.row(file.file().toString(), TextTable.size(file.size()), file.digest().hex()));
      table.lines().forEach(out::println);
    }
  }

  private static Json json(List<BuiltFiles> all) {
    List<Json> items = new ArrayList<>();
    for (BuiltFiles built : all) {
      Map<String, Json> members = new LinkedHashMap<>();
      members.put("name", new Json.Str(built.build()));
      members.put("release", new Json.Str(built.release().toString()));
      members.put(
          "arches", new Json.Arr(built.arches().stream().map(BuildApplyCommand::json).toList()));
      items.add(new Json.Obj(members));
    }
    return new Json.Obj(Map.of("builds", new Json.Arr(items)));
  }

  private static Json json(ImagePull.PulledArch arch) {
    return AuditCommand.object(
        "arch", new Json.Str(arch.arch().id()),
        "talosVersion", new Json.Str(arch.talosVersion()),
        "kernelRelease", new Json.Str(arch.kernelRelease()),
        "extensions", new Json.Arr(arch.extensions().stream().<Json>map(Json.Str::new).toList()),
        "files",
            new Json.Arr(
                arch.files().stream()
                    .<Json>map(file ->
                        AuditCommand.object(
                            "name", new Json.Str(file.name().fileName()),
                            "file", new Json.Str(file.file().toString()),
                            "size", Json.Num.of(file.size()),
                            "digest", new Json.Str(file.digest().toString())))
                    .toList()));
  }
}
