package dev.moonboot.server;

import dev.moonboot.config.Configuration;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code moonboot check-config}: what {@code serve} would say of its configuration. */
@Command(
    name = "check-config",
    description = "Read a configuration as serve does, and say what is wrong or what is in force.",
    mixinStandardHelpOptions = true)
final class CheckConfigCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "The configuration (YAML).")
  private @Nullable Path config;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandContext context = CommandContext.of(spec);
    Configuration<ApplianceConfig> read =
        Configuration.load(
            context.given(config, "--config"), System.getenv(), ApplianceConfig::read);
    read.settings().forEach(context.out()::println);
    read.value().secrets().warnings().forEach(w -> context.err().println("warning: " + w));
    return ExitCode.OK;
  }
}
