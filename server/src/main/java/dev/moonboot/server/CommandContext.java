package dev.moonboot.server;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What picocli fills in before a command is called, without the nulls before that. */
record CommandContext(CommandLine command) {
  static CommandContext of(@Nullable CommandSpec spec) {
    return new CommandContext(requireNonNull(spec, "picocli sets it").commandLine());
  }

  PrintWriter out() {
    return command.getOut();
  }

  PrintWriter err() {
    return command.getErr();
  }

  /** To be thrown where an argument will not do. */
  ParameterException wrongUsage(String why) {
    return new ParameterException(command, why);
  }

  /** The value of a required argument. */
  <T> T given(@Nullable T value, String label) {
    if (value == null) {
      throw new ParameterException(command, "Missing required argument: " + label);
    }
    return value;
  }
}
