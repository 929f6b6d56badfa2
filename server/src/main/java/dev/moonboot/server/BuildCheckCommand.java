package dev.moonboot.server;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.cache.BuildRun;
import dev.moonboot.assets.cache.BuildRun.Checked;
import dev.moonboot.assets.extension.ExtensionReport;
import dev.moonboot.assets.extension.Finding;
import dev.moonboot.json.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code moonboot build check}. */
@Command(
    name = "check",
    description = {
      "Say what is wrong with the extensions of builds, why, and what to do.",
      "Pulls base and extensions, composes nothing. Ends with 1 when one is refused."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  moonboot build check --config moonboot.yaml",
      "  moonboot build check --config moonboot.yaml compute --strict"
    })
final class BuildCheckCommand implements Callable<Integer> {
  @Mixin private final BuildOptions builds = new BuildOptions();

  @Option(
      names = "--strict",
      description = "Warnings refuse an extension, too; as build.strict does for one build.")
  private boolean strict;

  @Mixin private final JsonOption form = new JsonOption();

  @Spec private @Nullable CommandSpec spec;

  /**
   * What is said of one build.
   *
   * @param arches for which all of it is said
   */
  private record Said(List<Arch> arches, Checked what) {}

  @Override
  public Integer call() {
    CommandContext context = CommandContext.of(spec);
    ApplianceConfig config = builds.read(context);
    Map<Channel, List<Checked>> checked = builds.each(config, context, BuildRun::check);
    form.answer(
        context.out(),
        () -> json(checked),
        () -> checked.forEach((channel, of) -> print(channel, of, context.out())));
    boolean refused =
        checked.entrySet().stream().anyMatch(of -> refuses(of.getKey(), of.getValue()));
    return refused ? ExitCode.FAILED : ExitCode.OK;
  }

  private boolean isStrict(Channel channel) {
    return strict || BuildOptions.composition(channel).strict();
  }

  private boolean refuses(Channel channel, List<Checked> checked) {
    return checked.stream()
        .flatMap(of -> of.reports().stream())
        .anyMatch(report -> report.refuses(isStrict(channel)));
  }

  /** What is said of architectures alike is said once. */
  private static List<Said> said(List<Checked> checked) {
    List<Said> said = new ArrayList<>();
    for (Checked one : checked) {
      int same = -1;
      for (int i = 0; i < said.size(); i++) {
        Checked other = said.get(i).what();
        if (other.reports().equals(one.reports()) && other.notes().equals(one.notes())) {
          same = i;
        }
      }
      if (same < 0) {
        said.add(new Said(List.of(one.arch()), one));
      } else {
        List<Arch> arches = new ArrayList<>(said.get(same).arches());
        arches.add(one.arch());
        said.set(same, new Said(arches, said.get(same).what()));
      }
    }
    return said;
  }

  private void print(Channel channel, List<Checked> checked, PrintWriter out) {
    for (Said said : said(checked)) {
      out.println(
          "%s for %s, kernel %s"
              .formatted(
                  channel.name(),
                  said.arches().stream().map(Arch::id).collect(Collectors.joining(", ")),
                  said.what().kernelRelease().isEmpty()
                      ? "(release not said)"
                      : said.what().kernelRelease()));
      said.what().notes().forEach(note -> out.println("  note: " + note));
      said.what()
          .reports()
          .forEach(report -> report.text().lines().forEach(line -> out.println("  " + line)));
    }
    checked.stream()
        .flatMap(of -> of.missing().stream())
        .distinct()
        .forEach(missing -> out.println(channel.name() + ": missing here: " + missing));
    out.println(channel.name() + ": " + summary(channel, checked));
  }

  private String summary(Channel channel, List<Checked> checked) {
    List<Finding> findings =
        said(checked).stream()
            .flatMap(said -> said.what().reports().stream())
            .flatMap(report -> report.findings().stream())
            .toList();
    long errors = findings.stream().filter(Finding::isError).count();
    long warnings = findings.size() - errors;
    String counted =
        "%d extensions, %d errors, %d warnings"
            .formatted(BuildOptions.composition(channel).extensions().size(), errors, warnings);
    if (!refuses(channel, checked)) {
      return counted;
    }
    return counted + (errors == 0 ? "; refused, for it is strict" : "; refused");
  }

  private Json json(Map<Channel, List<Checked>> all) {
    List<Json> items = new ArrayList<>();
    all.forEach((channel, checked) -> {
      for (Checked one : checked) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("name", new Json.Str(channel.name()));
        members.put("arch", new Json.Str(one.arch().id()));
        members.put("kernelRelease", new Json.Str(one.kernelRelease()));
        members.put("notes", new Json.Arr(one.notes().stream().<Json>map(Json.Str::new).toList()));
        members.put("strict", new Json.Bool(isStrict(channel)));
        members.put(
            "refused",
            new Json.Bool(one.reports().stream().anyMatch(r -> r.refuses(isStrict(channel)))));
        members.put(
            "missing", new Json.Arr(one.missing().stream().<Json>map(Json.Str::new).toList()));
        members.put(
            "extensions",
            new Json.Arr(one.reports().stream().<Json>map(ExtensionReport::json).toList()));
        items.add(new Json.Obj(members));
      }
    });
    return new Json.Obj(Map.of("builds", new Json.Arr(items)));
  }
}
