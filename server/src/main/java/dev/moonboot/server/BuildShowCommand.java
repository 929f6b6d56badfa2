package dev.moonboot.server;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.build.RecipeText;
import dev.moonboot.assets.build.Resolution;
import dev.moonboot.assets.cache.BuildRun;
import dev.moonboot.cli.TextTable;
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
import picocli.CommandLine.Spec;

/** {@code moonboot build show}. */
@Command(
    name = "show",
    description = {
      "Say what builds are made of: every input with its digest, and how they are put together.",
      "Of what follows the lock file by that alone, else by what the tags name now."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  moonboot build show --config moonboot.yaml compute")
final class BuildShowCommand implements Callable<Integer> {
  @Mixin private final BuildOptions builds = new BuildOptions();

  @Mixin private final JsonOption form = new JsonOption();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandContext context = CommandContext.of(spec);
    ApplianceConfig config = builds.read(context);
    Map<Channel, Resolution.Fixed> resolved = builds.each(config, context, BuildRun::resolve);
    form.answer(
        context.out(),
        () -> json(resolved),
        () -> resolved.forEach((channel, fixed) -> print(channel, fixed, context.out())));
    return ExitCode.OK;
  }

  private static void print(Channel channel, Resolution.Fixed fixed, PrintWriter out) {
    Recipe recipe = fixed.recipe();
    out.println(channel.name() + "  " + fixed.digest());
    var facts = new TextTable();
    facts.row("talos", recipe.version());
    facts.row("follows", following(channel));
    facts.row("arch", join(recipe.arches().stream().map(Arch::id).toList()));
    facts.row("platform", recipe.platform());
    if (!recipe.overlay().isEmpty()) {
      facts.row("overlay", recipe.overlay());
    }
    facts.row("arguments", recipe.arguments().isEmpty() ? "-" : join(recipe.arguments()));
    facts.row("outputs", join(recipe.outputs().stream().map(Output::id).sorted().toList()));
    facts.row("existing", recipe.replace() ? "replace" : "keep");
    facts.lines().forEach(out::println);
    var inputs = new TextTable().row("INPUT", "NAME", "IMAGE", "DIGEST");
    row(inputs, "base", recipe.base());
    Input installerBase = recipe.installerBase();
    if (installerBase != null) {
      row(inputs, "installer-base", installerBase);
    }
    recipe.extensions().forEach(extension -> row(inputs, "extension", extension));
    fixed.catalogs().forEach(catalog -> row(inputs, "catalog", catalog));
    inputs.lines().forEach(out::println);
  }

  private static String following(Channel channel) {
    return switch (BuildOptions.composition(channel).following()) {
      case INPUTS -> "its inputs";
      case LOCK -> "the lock file";
    };
  }

  private static String join(List<String> texts) {
    return String.join(" ", texts);
  }

  private static void row(TextTable table, String role, Input input) {
    String image = input.image().toString();
    int digest = image.indexOf("@sha256:");
    String plain = digest < 0 ? image : image.substring(0, digest);
    table.row(
        role, input.name(), plain.equals(input.name()) ? "-" : plain, input.digest().toString());
  }

  private static Json json(Map<Channel, Resolution.Fixed> resolved) {
    List<Json> items = new ArrayList<>();
    resolved.forEach((channel, fixed) -> {
      Map<String, Json> members = new LinkedHashMap<>();
      members.put("name", new Json.Str(channel.name()));
      members.put("release", new Json.Str(fixed.digest().toString()));
      members.put("follow", new Json.Str(BuildOptions.composition(channel).following().id()));
      members.put("recipe", RecipeText.json(fixed.recipe()));
      members.put(
          "catalogs",
          new Json.Arr(
              fixed.catalogs().stream()
                  .<Json>map(catalog ->
                      AuditCommand.object(
                          "name", new Json.Str(catalog.name()),
                          "digest", new Json.Str(catalog.digest().toString())))
                  .collect(Collectors.toList())));
      items.add(new Json.Obj(members));
    });
    return new Json.Obj(Map.of("builds", new Json.Arr(items)));
  }
}
