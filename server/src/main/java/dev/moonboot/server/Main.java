package dev.moonboot.server;

import dev.moonboot.assets.build.LockException;
import dev.moonboot.assets.cache.CacheException;
import dev.moonboot.cli.AdminCommand;
import dev.moonboot.config.ConfigException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/** The program: {@code moonboot COMMAND}. */
@Command(
    name = "moonboot",
    description = "Boots machines over the network from a tag in an OCI registry.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      ServeCommand.class,
      MatchboxCommand.class,
      ImportCommand.class,
      AdminCommand.class,
      PullCommand.class,
      InspectCommand.class,
      BuildCommand.class,
      VerifyCommand.class,
      Ec2Command.class,
      DemoCommand.class,
      DhcpSnippetCommand.class,
      IpxeImageCommand.class,
      DoctorCommand.class,
      CheckConfigCommand.class,
      AuditCommand.class,
      TokenCommand.class,
      TrainCommand.class
    },
    footerHeading = "%nExit codes:%n",
    footer = {
      "  0   done",
      "  1   failed; the reason is on standard error",
      "  2   wrong usage",
      "  3   the running moonboot refuses this caller",
      "  4   the running moonboot cannot be reached",
      "  73  another process has the cache",
      "  78  the configuration cannot be used"
    })
public final class Main {
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"moonboot " + version()};
    }
  }

  private Main() {}

  /** The version of this program. */
  static String version() {
    return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
        .orElse("(not packaged)");
  }

  /** Runs the command that {@code args} name and ends the process with its exit code. */
  public static void main(String[] args) {
    // Figures, patterns and names are one everywhere: libraries make patterns with %d, which is no
    // pattern in the digits of some languages.
    Locale.setDefault(Locale.ROOT);
    Logs.configure();
    PrintWriter out = writer(System.out);
    PrintWriter err = writer(System.err);
    boolean toFile = Files.isRegularFile(Path.of("/dev/stdout"));
    System.exit(ended(run(args, out, err), toFile, out, err));
  }

  /**
   * What a command ends with, of which not all may have been taken: a token or a report in a file
   * on a disk that is full is lost. Who reads from a pipe and stops before its end has had enough.
   *
   * @param toFile whether {@code out} is written to a file
   */
  static int ended(int code, boolean toFile, PrintWriter out, PrintWriter err) {
    return out.checkError() && toFile && code == ExitCode.OK
        ? say(err, "standard output could not be written: is its disk full?", ExitCode.FAILED)
        : code;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, stream.charset());
  }

  static int run(String[] args, PrintWriter out, PrintWriter err) {
    if (args.length == 3 && args[0].equals("serve") && args[1].equals("--config")) {
      return guarded(() -> ServeCommand.serve(ServeCommand.configuration(Path.of(args[2]))), err);
    } else if (args.length > 0 && args[0].equals(MatchboxCommand.NAME)) {
      return matchbox(List.of(args).subList(1, args.length), out, err);
    } else if (args.length > 0 && isMatchbox(args[0])) {
      return matchbox(List.of(args), out, err);
    }
    return commandLine()
        .setOut(out)
        .setErr(err)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler((e, _) -> wrongUsage(e))
        .setExecutionExceptionHandler((e, command, _) -> failed(e, command.getErr()))
        .execute(args.length == 0 ? new String[] {"--help"} : args);
  }

  /** All commands, with their options. */
  static CommandLine commandLine() {
    return new CommandLine(new Main());
  }

  /** A flag that matchbox has and we have not: so an image or a program is swapped by its name. */
  private static boolean isMatchbox(String word) {
    return MatchboxFlags.isFlag(word) && !word.equals("--help") && !word.equals("--version");
  }

  private static int matchbox(List<String> words, PrintWriter out, PrintWriter err) {
    return guarded(() -> new MatchboxCommand(System.getenv(), out, err).run(words), err);
  }

  /**
   * Runs what a service manager starts us with. It goes without picocli, whose classes no start-up
   * cache takes (their format is too old) and which costs a quarter of the time to start.
   */
  private static int guarded(Callable<Integer> work, PrintWriter err) {
    try {
      return work.call();
    } catch (Exception e) { // the edge of the program: whatever it is becomes an exit code
      return failed(e, err);
    }
  }

  private static int wrongUsage(ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    if (isCommandMissing(wrong)) {
      command.usage(err);
      return ExitCode.USAGE;
    }
    err.println("moonboot: " + wrong.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err);
    err.println("  see: " + command.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE;
  }

  /** Who types {@code moonboot build} asks what there is. */
  private static boolean isCommandMissing(ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    return wrong.getClass() == ParameterException.class
        && !command.getSubcommands().isEmpty()
        && command.getParseResult() != null
        && command.getParseResult().originalArgs().stream().allMatch(word -> !word.startsWith("-"))
        && !command.getParseResult().hasSubcommand();
  }

  private static int failed(Exception failure, PrintWriter err) {
    boolean debug = System.getenv("MOONBOOT_DEBUG") != null;
    if (debug) {
      failure.printStackTrace(err);
    }
    return switch (failure) {
      case ConfigException e -> say(err, message(e), ExitCode.CONFIGURATION);
      case CacheException e when e.isLocked() -> say(err, message(e), ExitCode.CACHE_IN_USE);
      case CacheException e when e.isUnsuitable() -> say(err, message(e), ExitCode.CONFIGURATION);
      case CacheException e -> say(err, message(e), ExitCode.FAILED);
      case LockException e -> say(err, message(e), ExitCode.FAILED);
      case StartException e -> say(err, message(e), ExitCode.FAILED);
      case UncheckedIOException e -> say(err, describe(e), ExitCode.FAILED);
      default ->
          say(
              err,
              "a fault in moonboot itself: "
                  + failure
                  + (debug ? "" : "\n  run it again with MOONBOOT_DEBUG=1 to see where"),
              ExitCode.FAILED);
    };
  }

  private static String message(Exception failure) {
    return String.valueOf(failure.getMessage());
  }

  private static String describe(UncheckedIOException failure) {
    return failure.getCause() + " (" + failure.getMessage() + ")";
  }

  private static int say(PrintWriter err, String message, int code) {
    err.println("moonboot: " + message);
    return code;
  }
}
