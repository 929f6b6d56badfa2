package dev.moonboot.server;

import dev.moonboot.cli.ConsoleProgress;
import dev.moonboot.cli.TextTable;
import dev.moonboot.json.Json;
import dev.moonboot.migrate.Finding;
import dev.moonboot.migrate.Finding.Verdict;
import dev.moonboot.migrate.MigrateException;
import dev.moonboot.migrate.Takeover;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moonboot import}: takes over matchbox's data directory. */
@Command(
    name = "import",
    description = {
      "Look through a matchbox data directory, say what nodes would get otherwise than from matchbox,"
          + " and copy it. The source is only read, and nothing is ever overwritten.",
      "Ends with 0 when it was copied or is there already; with --dry-run, when nodes would get the"
          + " same."
    },
    mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
  private static final List<String> FOLDERS =
      List.of("groups", "profiles", "generic", "cloud", "ignition", "assets");

  @Parameters(paramLabel = "DIR", description = "matchbox's data directory: /var/lib/matchbox.")
  private @Nullable Path source;

  @Option(
      names = "--to",
      paramLabel = "DATA",
      description = "The new data directory. Default: ${DEFAULT-VALUE}.")
  private Path to = DataPlace.DEFAULT;

  @Option(
      names = "--assets",
      paramLabel = "DIR",
      description = "matchbox's folder of boot files (-assets-path). Default: assets in DIR.")
  private @Nullable Path assets;

  @Option(
      names = "--assets-to",
      paramLabel = "DIR",
      description = "The new folder of static files. Default: assets beside DATA.")
  private @Nullable Path assetsTo;

  @Option(names = "--link", description = "Hard-link boot files instead of copying them.")
  private boolean link;

  @Option(names = "--dry-run", description = "Look, and copy nothing.")
  private boolean dryRun;

  @Option(names = "--json", description = "Print what was found as JSON.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandContext context = CommandContext.of(spec);
    Path from = context.given(source, "DIR");
    try {
      Path boot = assets == null ? from.resolve("assets") : assets;
      boolean hasAssets = assets != null || Files.isDirectory(boot);
      // what the service would log of these files is in the findings
      Takeover takeover = Logs.silently(() -> Takeover.of(from, hasAssets ? boot : null));
      if (!json) {
        print(takeover, from, context.out());
      }
      Map<String, String> copied = dryRun ? Map.of() : copy(takeover, hasAssets, context.err());
      if (json) {
        context.out().print(json(takeover, copied).pretty());
        context.out().flush();
      } else {
        copied.forEach((folder, outcome) -> context.out().println(folder + ": " + outcome));
      }
      return dryRun && takeover.count(Verdict.DIFFERENT) > 0 ? ExitCode.FAILED : ExitCode.OK;
    } catch (MigrateException e) {
      context.err().println("moonboot: " + e.getMessage());
      return ExitCode.FAILED;
    }
  }

  private Map<String, String> copy(Takeover takeover, boolean hasAssets, PrintWriter err) {
    Path statics = assetsTo == null ? to.toAbsolutePath().resolveSibling("assets") : assetsTo;
    var progress = new ConsoleProgress(err, ConsoleProgress.onTerminal(), "");
    List<Takeover.Outcome> outcomes;
    try {
      outcomes = takeover.copy(to, hasAssets ? statics : null, link, progress);
    } finally {
      progress.clear();
    }
    Map<String, String> told = new LinkedHashMap<>();
    for (int i = 0; i < outcomes.size(); i++) {
      told.put(
          (i == 0 ? to : statics).toString(),
          switch (outcomes.get(i)) {
            case COPIED -> i > 0 && link ? "linked" : "copied";
            case SAME -> "has these files already";
          });
    }
    return told;
  }

  private static void print(Takeover takeover, Path from, PrintWriter out) {
    out.println(
        "%s: %d groups, %d profiles, %d generic, %d cloud, %d ignition, %d assets (%s)"
            .formatted(
                from,
                takeover.files("groups"),
                takeover.files("profiles"),
                takeover.files("generic"),
                takeover.files("cloud"),
                takeover.files("ignition"),
                takeover.files("assets"),
                TextTable.size(takeover.assetBytes())));
    for (Finding finding : takeover.findings()) {
      out.println();
      out.println(word(finding.verdict()) + "  " + shown(finding.file()));
      out.println("    " + shown(finding.what()));
    }
    out.println();
    out.println(
        "%d different from matchbox, %d broken with matchbox too, %d to note"
            .formatted(
                takeover.count(Verdict.DIFFERENT),
                takeover.count(Verdict.BROKEN),
                takeover.count(Verdict.NOTE)));
  }

  private static String word(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }

  /** Names of files may hold anything, and a terminal obeys. */
  private static String shown(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  private static Json.Obj json(Takeover takeover, Map<String, String> copied) {
    Map<String, Json> files = new LinkedHashMap<>();
    FOLDERS.forEach(folder -> files.put(folder, Json.Num.of(takeover.files(folder))));
    Map<String, Json> folders = new LinkedHashMap<>();
    copied.forEach((folder, outcome) -> folders.put(folder, new Json.Str(outcome)));
    Map<String, Json> all = new LinkedHashMap<>();
    all.put("files", new Json.Obj(files));
    all.put(
        "findings", new Json.Arr(takeover.findings().stream().map(ImportCommand::json).toList()));
    all.put("folders", new Json.Obj(folders));
    return new Json.Obj(all);
  }

  private static Json json(Finding finding) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("verdict", new Json.Str(word(finding.verdict())));
    members.put("file", new Json.Str(finding.file()));
    members.put("what", new Json.Str(finding.what()));
    return new Json.Obj(members);
  }
}
