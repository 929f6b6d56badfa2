package dev.moonboot.server;

import dev.moonboot.cli.AdminOptions;
import dev.moonboot.cli.ServiceReleases;
import dev.moonboot.json.Json;
import dev.moonboot.server.BuildSides.Side;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moonboot build diff}. */
@Command(
    name = "diff",
    description = {
      "Say what differs between two builds, lock files, folders or releases.",
      "Versions, kernel, base, extensions, arguments, outputs, and of what was composed",
      "the files; what stays the same is left out. Ends with 0 either way.",
      "",
      "Each side is one of",
      "  NAME        what that build would be made of now (needs --config); a folder",
      "              of that name is ./NAME",
      "  lock:NAME   what the lock file says of it (needs --config)",
      "  NAME@head   the release that a channel names now; NAME@previous: before",
      "  sha256:HEX  a release that is held, or 8 or more of its first hex digits",
      "  FILE        a lock file, or a release-ARCH.json",
      "  DIR         a folder that build apply --output or pull wrote to",
      "For releases a running moonboot is asked; with --offline the folders of",
      "--config are read."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  moonboot build diff --config moonboot.yaml lock:compute compute",
      "  moonboot build diff --config moonboot.yaml compute gateway",
      "  moonboot build diff compute@previous compute@head --token-file read.token",
      "  moonboot build diff --config moonboot.yaml --offline compute@head compute",
      "  moonboot build diff old.lock moonboot.lock",
      "  moonboot build diff out-before out"
    })
final class BuildDiffCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration of serve (YAML); needed for NAME, lock:NAME and --offline.")
  private @Nullable Path config;

  @Option(
      names = "--offline",
      description = "Read releases from the cache and state of --config, instead of asking.")
  private boolean offline;

  @Parameters(index = "0", paramLabel = "A", description = "What was.")
  private @Nullable String from;

  @Parameters(index = "1", paramLabel = "B", description = "What is.")
  private @Nullable String to;

  @Mixin private final AdminOptions admin = new AdminOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandContext context = CommandContext.of(spec);
    String one = context.given(from, "A");
    String other = context.given(to, "B");
    if (offline) {
      context.given(config, "--config");
    }
    return ServiceReleases.during(
        admin,
        context.err(),
        service -> {
          var sides = new BuildSides(config, offline, service, context);
          say(sides.side(one), sides.side(other), context);
          return ExitCode.OK;
        });
  }

  private void say(Side from, Side to, CommandContext context) {
    List<BuildChanges> changes = compare(from, to);
    if (admin.isJson()) {
      Map<String, Json> members = new LinkedHashMap<>();
      members.put("from", new Json.Str(from.name()));
      members.put("to", new Json.Str(to.name()));
      members.put("builds", new Json.Arr(changes.stream().<Json>map(BuildChanges::json).toList()));
      context.out().print(new Json.Obj(members).pretty());
    } else {
      changes.forEach(change -> change.lines().forEach(context.out()::println));
    }
    context.out().flush();
  }

  /** What has one of each side is compared, whatever it is called; else what is called alike. */
  private static List<BuildChanges> compare(Side from, Side to) {
    SortedMap<String, BuildDescription> before = from.descriptions();
    SortedMap<String, BuildDescription> after = to.descriptions();
    String title = from.name() + " -> " + to.name();
    if (before.size() == 1 && after.size() == 1) {
      return List.of(BuildChanges.between(title, only(before), only(after)));
    }
    List<BuildChanges> changes = new ArrayList<>();
    if (isOneOfAllArches(from, to)) {
      after.forEach((arch, description) ->
          changes.add(BuildChanges.between(title + " " + arch, only(before), description)));
    } else if (isOneOfAllArches(to, from)) {
      before.forEach((arch, description) ->
          changes.add(BuildChanges.between(title + " " + arch, description, only(after))));
    } else {
      TreeSet<String> names = new TreeSet<>(before.keySet());
      names.addAll(after.keySet());
      for (String name : names) {
        changes.add(
            BuildChanges.between(
                name,
                before.getOrDefault(name, BuildDescription.NONE),
                after.getOrDefault(name, BuildDescription.NONE)));
      }
    }
    return changes;
  }

  /** A build's inputs are one for all architectures, which a release tells one by one. */
  private static boolean isOneOfAllArches(Side build, Side release) {
    return !build.byArch() && build.descriptions().size() == 1 && release.byArch();
  }

  private static BuildDescription only(SortedMap<String, BuildDescription> descriptions) {
    return descriptions.values().iterator().next();
  }
}
