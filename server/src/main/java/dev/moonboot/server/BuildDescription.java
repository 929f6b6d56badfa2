package dev.moonboot.server;

import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.build.LockedBuild;
import dev.moonboot.assets.build.LockedInput;
import dev.moonboot.assets.build.RecipeText;
import dev.moonboot.cli.TextTable;
import dev.moonboot.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/**
 * What is known of a build, as facts that can be compared. What is not known is not there.
 *
 * @param facts by what they are about: {@code talos}, {@code base}, {@code extension
 *     siderolabs/gvisor}, {@code asset vmlinuz-amd64}
 */
record BuildDescription(SequencedMap<Topic, Fact> facts) {
  private static final String BASE = "base";
  private static final String INSTALLER_BASE = "installer-base";
  static final String EXTENSION = "extension";

  /** A word of the whole command line; an argument is one that the composition names. */
  static final String COMMAND_LINE = "command line";

  static final String ARGUMENT = "argument";

  static final BuildDescription NONE = new BuildDescription(new LinkedHashMap<>());

  /**
   * What a fact is about.
   *
   * @param what {@code extension}
   * @param name of which; empty where there is but one
   */
  record Topic(String what, String name) {
    @Override
    public String toString() {
      return name.isEmpty() ? what : what + " " + name;
    }
  }

  /**
   * What is so.
   *
   * @param text for people
   * @param json the same for programs
   */
  record Fact(String text, Json json) {
    static Fact of(String text) {
      return new Fact(text, new Json.Str(text));
    }

    static Fact of(String version, Digest digest) {
      Map<String, Json> members = new LinkedHashMap<>();
      if (!version.isEmpty()) {
        members.put("version", new Json.Str(version));
      }
      members.put("digest", new Json.Str(digest.toString()));
      return new Fact((version + " " + shown(digest)).strip(), new Json.Obj(members));
    }

    static Fact named(String name, Digest digest) {
      Map<String, Json> members = new LinkedHashMap<>();
      members.put("name", new Json.Str(name));
      members.put("digest", new Json.Str(digest.toString()));
      return new Fact(name + " " + shown(digest), new Json.Obj(members));
    }

    static Fact of(long size, Digest digest) {
      Map<String, Json> members = new LinkedHashMap<>();
      members.put("size", Json.Num.of(size));
      members.put("digest", new Json.Str(digest.toString()));
      return new Fact(TextTable.size(size) + " " + shown(digest), new Json.Obj(members));
    }

    private static String shown(Digest digest) {
      return "sha256:" + digest.hex().substring(0, 12);
    }
  }

  /** Of what a lock file has. */
  static BuildDescription of(LockedBuild build) {
    SequencedMap<Topic, Fact> facts = new LinkedHashMap<>();
    put(facts, "talos", build.version());
    put(facts, "kernel", build.kernelRelease());
    for (LockedInput input : build.inputs()) {
      Digest digest = input.digest();
      if (digest == null) {
        facts.put(new Topic(input.role().id(), ""), Fact.of(input.name()));
      } else if (input.role() == LockedInput.Role.EXTENSION) {
        facts.put(extension(input.name()), Fact.of(input.version(), digest));
      } else {
        facts.put(new Topic(input.role().id(), ""), Fact.named(input.name(), digest));
      }
    }
    return new BuildDescription(facts);
  }

  /** Of what a build is to be made of. */
  static BuildDescription of(Recipe recipe) {
    SequencedMap<Topic, Fact> facts = new LinkedHashMap<>();
    put(facts, "talos", recipe.version());
    inputs(facts, recipe, List.of());
    howItIsPutTogether(facts, recipe);
    return new BuildDescription(facts);
  }

  private static void howItIsPutTogether(SequencedMap<Topic, Fact> facts, Recipe recipe) {
    put(
        facts,
        "order",
        recipe.extensions().stream().map(Input::name).collect(Collectors.joining(", ")));
    put(facts, "platform", recipe.platform());
    put(facts, "overlay", recipe.overlay());
    recipe
        .arguments()
        .forEach(argument -> facts.put(new Topic(ARGUMENT, argument), Fact.of("there")));
    put(facts, "existing extensions", recipe.replace() ? "replaced" : "kept");
    recipe.arches().forEach(arch -> facts.put(new Topic("arch", arch.id()), Fact.of("there")));
    recipe.outputs().stream()
        .map(Output::id)
        .sorted()
        .forEach(id -> facts.put(new Topic("output", id), Fact.of("there")));
  }

  /** Of the record beside what was composed or pulled: {@code release-amd64.json}. */
  static BuildDescription of(String arch, Json.Obj record) {
    SequencedMap<Topic, Fact> facts = new LinkedHashMap<>();
    put(facts, "talos", record.text("talosVersion").orElse(""));
    put(facts, "kernel", record.text("kernelRelease").orElse(""));
    Optional<Recipe> recipe = record.object("recipe").map(RecipeText::read);
    if (recipe.isPresent()) {
      inputs(facts, recipe.get(), versions(record));
      howItIsPutTogether(facts, recipe.get());
    } else {
      labels(record.array("extensions")).forEach(label -> facts.put(labelled(label), fact(label)));
    }
    String line = record.text("commandLine").or(() -> record.text("cmdline")).orElse("");
    for (String word : line.split(" +", -1)) {
      if (!word.isEmpty()) {
        facts.put(new Topic(COMMAND_LINE, word), Fact.of("there"));
      }
    }
    record
        .object("assets")
        .ifPresent(
            assets -> assets.members().forEach((name, of) -> asset(facts, arch + "/" + name, of)));
    return new BuildDescription(facts);
  }

  /** {@code hello v1.0.0}: name and version, as a release tells of its extensions. */
  private static Topic labelled(String label) {
    return extension(label.split(" ", 2)[0]);
  }

  private static Fact fact(String label) {
    String[] words = label.split(" ", 2);
    return Fact.of(words.length == 1 ? "there" : words[1]);
  }

  private static List<String> labels(Optional<List<Json>> texts) {
    return texts.orElse(List.of()).stream()
        .map(text -> text instanceof Json.Str(var label) ? label : "")
        .filter(label -> !label.isEmpty())
        .toList();
  }

  /** Versions of the extensions that were ordered, in the order of the recipe. */
  private static List<String> versions(Json.Obj record) {
    return record.array("initramfsLayers").orElse(List.of()).stream()
        .map(layer -> layer instanceof Json.Obj of ? of : new Json.Obj(Map.of()))
        .filter(layer -> layer.text("from").equals(Optional.of("added")))
        .map(layer -> layer.text("extension").orElse("").split(" ", 2))
        .map(words -> words.length == 1 ? "" : words[1])
        .toList();
  }

  /**
   * @param versions of its extensions; not believed unless there is one of each
   */
  private static void inputs(
      SequencedMap<Topic, Fact> facts, Recipe recipe, List<String> versions) {
    put(facts, BASE, recipe.base());
    Input installerBase = recipe.installerBase();
    if (installerBase != null) {
      put(facts, INSTALLER_BASE, installerBase);
    }
    List<Input> extensions = recipe.extensions();
    for (int i = 0; i < extensions.size(); i++) {
      String version = versions.size() == extensions.size() ? versions.get(i) : "";
      Input extension = extensions.get(i);
      facts.put(extension(extension.name()), Fact.of(version, extension.digest()));
    }
  }

  private static void asset(SequencedMap<Topic, Fact> facts, String name, Json asset) {
    if (asset instanceof Json.Obj of) {
      Optional<Long> size = of.integer("size");
      Optional<String> sha256 = of.text("sha256");
      if (size.isPresent() && sha256.isPresent()) {
        facts.put(
            new Topic("asset", name), Fact.of(size.get(), Digest.parse("sha256:" + sha256.get())));
      }
    }
  }

  private static void put(SequencedMap<Topic, Fact> facts, String what, String text) {
    if (!text.isEmpty()) {
      facts.put(new Topic(what, ""), Fact.of(text));
    }
  }

  private static void put(SequencedMap<Topic, Fact> facts, String role, Input input) {
    facts.put(new Topic(role, ""), Fact.named(input.name(), input.digest()));
  }

  private static Topic extension(String name) {
    return new Topic(EXTENSION, name);
  }
}
