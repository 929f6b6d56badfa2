package dev.moonboot.server;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code moonboot ec2}. */
@Command(
    name = "ec2",
    description = "What is needed to boot EC2 instances.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = Ec2UserDataCommand.class)
final class Ec2Command implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    throw CommandContext.of(spec).wrongUsage("Missing command: user-data");
  }
}
