package dev.moonboot.server;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.build.LockFile;
import dev.moonboot.assets.build.LockedBuild;
import dev.moonboot.assets.cache.BuildRun;
import dev.moonboot.cli.ConsoleProgress;
import dev.moonboot.config.Configuration;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moonboot build diff}. */
@Command(
    name = "diff",
    description = {
      "Say what differs: versions, kernel, extensions, arguments, and of what was composed the files.",
      "Each side is a build's NAME (what it would be made of now), lock:NAME (what the lock file",
      "says), a lock file, a folder that apply or pull wrote to, or a release-ARCH.json from there.",
      "Releases that a service holds are compared by: moonboot admin releases diff A B."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  moonboot build diff --config moonboot.yaml lock:compute compute",
      "  moonboot build diff --config moonboot.yaml compute gateway",
      "  moonboot build diff old.lock moonboot.lock",
      "  moonboot build diff out-before out"
    })
final class BuildDiffCommand implements Callable<Integer> {
  private static final String LOCK = "lock:";
  private static final Pattern RECORD = Pattern.compile("release-(amd64|arm64)\\.json");
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]+");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration of serve (YAML); needed for NAME and lock:NAME.")
  private @Nullable Path config;

  @Parameters(index = "0", paramLabel = "A", description = "What was.")
  private @Nullable String from;

  @Parameters(index = "1", paramLabel = "B", description = "What is.")
  private @Nullable String to;

  @Option(names = "--json", description = "As JSON, for programs.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandContext context = CommandContext.of(spec);
    String one = context.given(from, "A");
    String other = context.given(to, "B");
    List<BuildChanges> changes =
        compare(one, described(one, context), other, described(other, context));
    if (json) {
      Map<String, Json> members = new LinkedHashMap<>();
      members.put("from", new Json.Str(one));
      members.put("to", new Json.Str(other));
      members.put("builds", new Json.Arr(changes.stream().<Json>map(BuildChanges::json).toList()));
      context.out().print(new Json.Obj(members).pretty());
      context.out().flush();
    } else {
      changes.forEach(change -> change.lines().forEach(context.out()::println));
    }
    return ExitCode.OK;
  }

  /** What has one of each side is compared, whatever it is called; else what is called alike. */
  private static List<BuildChanges> compare(
      String one,
      SortedMap<String, BuildDescription> before,
      String other,
      SortedMap<String, BuildDescription> after) {
    if (before.size() == 1 && after.size() == 1) {
      BuildDescription first = before.values().iterator().next();
      BuildDescription second = after.values().iterator().next();
      return List.of(BuildChanges.between(one + " -> " + other, first, second));
    }
    List<BuildChanges> changes = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    for (String name : names) {
      changes.add(
          BuildChanges.between(
              name,
              before.getOrDefault(name, BuildDescription.NONE),
              after.getOrDefault(name, BuildDescription.NONE)));
    }
    return changes;
  }

  private SortedMap<String, BuildDescription> described(String side, CommandContext context) {
    if (side.startsWith(LOCK)) {
      return locked(side.substring(LOCK.length()), context);
    } else if (DIGEST.matcher(side).matches()) {
      throw context.wrongUsage(
          side
              + " is a release; what a service holds it compares itself: moonboot admin releases"
              + " diff A B");
    }
    Path path = Path.of(side);
    if (Files.isDirectory(path)) {
      return folder(path, context);
    } else if (RECORD.matcher(path.getFileName().toString()).matches()) {
      return new TreeMap<>(Map.of(side, record(path, context)));
    } else if (Files.exists(path)) {
      SortedMap<String, BuildDescription> builds = new TreeMap<>();
      LockFile.read(path)
          .builds()
          .forEach((name, build) -> builds.put(name, BuildDescription.of(build)));
      return builds;
    } else if (config == null) {
      throw context.wrongUsage(
          side + " is no file, and to be the name of a build it needs --config FILE");
    }
    return now(side, context);
  }

  private ApplianceConfig read(CommandContext context) {
    return Configuration.load(
            context.given(config, "--config"), System.getenv(), ApplianceConfig::read)
        .value();
  }

  private SortedMap<String, BuildDescription> locked(String name, CommandContext context) {
    Path file = read(context).build().lock();
    LockedBuild build = LockFile.read(file).builds().get(name);
    if (build == null) {
      throw context.wrongUsage(
          "%s has no build %s: moonboot build lock %s".formatted(file, name, name));
    }
    return new TreeMap<>(Map.of(name, BuildDescription.of(build)));
  }

  private SortedMap<String, BuildDescription> now(String name, CommandContext context) {
    ApplianceConfig read = read(context);
    Channel channel = BuildOptions.chosen(read, List.of(name), context).getFirst();
    var progress = new ConsoleProgress(context.err(), ConsoleProgress.onTerminal(), "");
    try (BuildRun run =
        BuildRun.begin(
            BuildOptions.setting(read), BuildRun.By.INPUTS, BuildFolder.scratch(), progress)) {
      return new TreeMap<>(Map.of(name, BuildDescription.of(run.resolve(channel).recipe())));
    } finally {
      progress.clear();
    }
  }

  private static SortedMap<String, BuildDescription> folder(Path folder, CommandContext context) {
    SortedMap<String, BuildDescription> arches = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "release-*.json")) {
      for (Path file : files) {
        arches.put(file.getFileName().toString(), record(file, context));
      }
    } catch (IOException e) {
      throw context.wrongUsage(folder + " cannot be read: " + e);
    }
    if (arches.isEmpty()) {
      throw context.wrongUsage(
          folder + " has no release-ARCH.json, as moonboot build apply --output writes it");
    }
    return arches;
  }

  private static BuildDescription record(Path file, CommandContext context) {
    Matcher name = RECORD.matcher(file.getFileName().toString());
    try {
      if (name.matches() && JsonText.parse(Files.readString(file)) instanceof Json.Obj record) {
        return BuildDescription.of(name.group(1), record);
      }
    } catch (JsonException e) {
      throw context.wrongUsage(file + " is no JSON: " + e.getMessage());
    } catch (IOException e) {
      throw context.wrongUsage(file + " cannot be read: " + e);
    }
    throw context.wrongUsage(file + " is no record of a release");
  }
}
