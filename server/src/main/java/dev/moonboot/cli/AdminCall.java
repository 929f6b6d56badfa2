package dev.moonboot.cli;

import static java.util.Objects.requireNonNull;

import dev.moonboot.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that calls the admin API. */
abstract class AdminCall implements Callable<Integer> {
  @Mixin final AdminOptions options = new AdminOptions();

  @Spec private @Nullable CommandSpec spec;

  /** Does it. */
  abstract void run(AdminClient client, Printer printer);

  @Override
  public final Integer call() {
    CommandLine command = requireNonNull(spec, "picocli sets it").commandLine();
    try (AdminClient client = new AdminClient(ClientSettings.of(options, System.getenv()))) {
      run(client, new Printer(command.getOut(), Printer.onTerminal()));
      return 0;
    } catch (CliException e) {
      command.getErr().println("moonboot: " + e.getMessage());
      return e.exitCode();
    }
  }

  /** Prints what a change led to. */
  final void told(Printer printer, Json.Obj outcome, String summary) {
    if (options.json) {
      printer.json(outcome);
    } else {
      printer.line(summary);
    }
  }

  /** Waits for a job where there is one, telling how far it is. */
  final Json.Obj outcome(AdminClient client, Answer answer) {
    return JobWatch.outcome(
        client, answer, requireNonNull(spec, "picocli sets it").commandLine().getErr());
  }

  /** A body of those members that have a value. */
  static Json.Obj body(String... namesAndValues) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (!namesAndValues[i + 1].isEmpty()) {
        members.put(namesAndValues[i], new Json.Str(namesAndValues[i + 1]));
      }
    }
    return new Json.Obj(members);
  }

  static String text(Json.Obj answer, String path) {
    return Cell.member(answer, path).shown();
  }

  /** The value of an option or argument that picocli has made sure of. */
  static <T> T given(@Nullable T value) {
    return requireNonNull(value, "picocli asks for it");
  }
}
