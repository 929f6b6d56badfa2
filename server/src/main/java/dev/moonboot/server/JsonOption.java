package dev.moonboot.server;

import dev.moonboot.json.Json;
import java.io.PrintWriter;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** For whom an answer is: people, or programs. */
final class JsonOption {
  @Option(names = "--json", description = "As JSON, for programs.")
  private boolean json;

  /** Says it once, in the form that is asked for. */
  void answer(PrintWriter out, Supplier<Json> forPrograms, Runnable forPeople) {
    if (json) {
      out.print(forPrograms.get().pretty());
    } else {
      forPeople.run();
    }
    out.flush();
  }
}
