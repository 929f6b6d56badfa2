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
  private static final String EXTENSION = "extension";

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
    inputs(facts, recipe);
    put(
        facts,
        "order",
        recipe.extensions().stream().map(Input::name).collect(Collectors.joining(", ")));
    put(facts, "platform", recipe.platform());
    put(facts, "overlay", recipe.overlay());
    recipe
        .arguments()
        .forEach(argument -> facts.put(new Topic("argument", argument), Fact.of("there")));
    put(facts, "existing extensions", recipe.replace() ? "replaced" : "kept");
    recipe.arches().forEach(arch -> facts.put(new Topic("arch", arch.id()), Fact.of("there")));
    recipe.outputs().stream()
        .map(Output::id)
        .sorted()
        .forEach(id -> facts.put(new Topic("output", id), Fact.of("there")));
    return new BuildDescription(facts);
  }

  /** Of the record beside what was composed or pulled: {@code release-amd64.json}. */
  static BuildDescription of(String arch, Json.Obj record) {
    SequencedMap<Topic, Fact> facts = new LinkedHashMap<>();
    put(facts, "talos", record.text("talosVersion").orElse(""));
    put(facts, "kernel", record.text("kernelRelease").orElse(""));
    record.object("recipe").ifPresent(recipe -> inputs(facts, RecipeText.read(recipe)));
    if (record.object("recipe").isEmpty()) {
      for (Json extension : record.array("extensions").orElse(List.of())) {
        if (extension instanceof Json.Str(var label)) {
          facts.put(extension(label), Fact.of("there"));
        }
      }
    }
    String line = record.text("commandLine").or(() -> record.text("cmdline")).orElse("");
    for (String word : line.split(" +", -1)) {
      if (!word.isEmpty()) {
        facts.put(new Topic("argument", word), Fact.of("there"));
      }
    }
    record
        .object("assets")
        .ifPresent(
            assets -> assets.members().forEach((name, of) -> asset(facts, arch + "/" + name, of)));
    return new BuildDescription(facts);
  }

  private static void inputs(SequencedMap<Topic, Fact> facts, Recipe recipe) {
    put(facts, BASE, recipe.base());
    Input installerBase = recipe.installerBase();
    if (installerBase != null) {
      put(facts, INSTALLER_BASE, installerBase);
    }
    recipe.extensions().forEach(of -> facts.put(extension(of.name()), Fact.of("", of.digest())));
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
