package dev.moonboot.server;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * {@code moonboot matchbox}: the service, started as matchbox is. Its flags are Go's, which picocli
 * cannot read; to picocli it is but a name in the list of commands, with any words behind it.
 */
@Command(
    name = MatchboxCommand.NAME,
    description =
        "Serve in place of matchbox: its flags (-address=:8080, -help), its MATCHBOX_* variables.")
final class MatchboxCommand implements Callable<Integer> {
  static final String NAME = "matchbox";

  @Unmatched private List<String> words = new ArrayList<>();

  private final Map<String, String> environment;
  private final PrintWriter out;
  private final PrintWriter err;

  /** For picocli, which shows the name and never runs it. */
  MatchboxCommand() {
    this(Map.of(), new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()));
  }

  MatchboxCommand(Map<String, String> environment, PrintWriter out, PrintWriter err) {
    this.environment = environment;
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws InterruptedException {
    return run(words);
  }

  /** Says what is to be said, or serves; returns the exit code. */
  int run(List<String> words) throws InterruptedException {
    return switch (MatchboxFlags.of(words, environment)) {
      case MatchboxFlags.Outcome.Wrong(var why) -> {
        err.println(why);
        usage();
        yield ExitCode.USAGE;
      }
      case MatchboxFlags.Outcome.Fatal(var why) -> fatal(why);
      case MatchboxFlags.Outcome.Usage() -> usage();
      case MatchboxFlags.Outcome.Read(var flags) -> run(flags);
    };
  }

  private int run(MatchboxFlags flags) throws InterruptedException {
    if (flags.truth(MatchboxFlags.VERSION)) {
      out.println("moonboot " + Main.version());
      return ExitCode.OK;
    } else if (flags.truth(MatchboxFlags.HELP)) {
      return usage();
    }
    var complaint = MatchboxChecks.complaint(flags);
    if (complaint.isPresent()) {
      return fatal(complaint.get());
    }
    return serve(flags);
  }

  private int usage() {
    err.print(MatchboxFlags.usage());
    err.flush();
    return ExitCode.OK;
  }

  private int fatal(String why) {
    err.println("moonboot: " + why);
    return ExitCode.FAILED;
  }

  private int serve(MatchboxFlags flags) throws InterruptedException {
    MatchboxChecks.level(flags).ifPresent(Logs::level);
    try {
      return ServeCommand.serve(MatchboxConfiguration.of(flags, environment));
    } catch (StartException e) {
      return fatal("failed to start listening: " + e.getMessage());
    }
  }
}
