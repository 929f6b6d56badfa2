package dev.moonboot.server;

import dev.moonboot.cli.TextTable;
import dev.moonboot.json.Json;
import dev.moonboot.server.BuildDescription.Fact;
import dev.moonboot.server.BuildDescription.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is other in one description than in another.
 *
 * @param name of the build
 */
record BuildChanges(String name, List<Change> changes) {
  /** Facts that one description has only because it knows more, and not because more is so. */
  private static final Set<String> ALWAYS =
      Set.of(
          "base",
          "installer-base",
          BuildDescription.EXTENSION,
          BuildDescription.ARGUMENT,
          BuildDescription.COMMAND_LINE,
          "asset",
          "arch",
          "output");

  BuildChanges {
    changes = List.copyOf(changes);
  }

  /**
   * One difference.
   *
   * @param from null where it was not there before
   * @param to null where it is no longer there
   */
  record Change(Topic topic, @Nullable Fact from, @Nullable Fact to) {}

  /** All differences, in the order of {@code to}. */
  static BuildChanges between(String name, BuildDescription from, BuildDescription to) {
    Set<Topic> topics = new LinkedHashSet<>(to.facts().keySet());
    topics.addAll(from.facts().keySet());
    Set<String> comparable = known(from);
    comparable.retainAll(known(to));
    boolean first = from.facts().isEmpty() || to.facts().isEmpty();
    List<Change> changes = new ArrayList<>();
    for (Topic topic : topics) {
      Fact before = from.facts().get(topic);
      Fact after = to.facts().get(topic);
      boolean other =
          (before != null && after != null)
              ? !same(before, after)
              : first || comparable.contains(topic.what());
      if (other) {
        changes.add(new Change(topic, before, after));
      }
    }
    return new BuildChanges(name, withoutRepeating(ExtensionMoves.joined(changes)));
  }

  /** An argument of the composition is a word of the command line, too. */
  private static List<Change> withoutRepeating(List<Change> changes) {
    Set<String> arguments =
        changes.stream()
            .map(Change::topic)
            .filter(topic -> topic.what().equals(BuildDescription.ARGUMENT))
            .map(Topic::name)
            .collect(Collectors.toSet());
    return changes.stream()
        .filter(change ->
            !change.topic().what().equals(BuildDescription.COMMAND_LINE)
                || !arguments.contains(change.topic().name()))
        .toList();
  }

  /** But for versions, which may be known to one side only. */
  private static boolean same(Fact one, Fact other) {
    return withoutVersion(one.json()).equals(withoutVersion(other.json()));
  }

  private static Json withoutVersion(Json json) {
    if (json instanceof Json.Obj(var members)) {
      Map<String, Json> rest = new LinkedHashMap<>(members);
      rest.remove("version");
      return new Json.Obj(rest);
    }
    return json;
  }

  /** What a description speaks of; of what may be there none or many times it always speaks. */
  private static Set<String> known(BuildDescription description) {
    Set<String> known =
        description.facts().keySet().stream().map(Topic::what).collect(Collectors.toSet());
    if (known.contains("base")) {
      known.addAll(Set.of("installer-base", BuildDescription.EXTENSION));
    }
    if (known.contains("platform")) {
      known.add(BuildDescription.ARGUMENT);
    }
    known.retainAll(ALWAYS);
    return known;
  }

  boolean isAny() {
    return !changes.isEmpty();
  }

  /** For people. */
  List<String> lines() {
    if (changes.isEmpty()) {
      return List.of(name + ": nothing changes");
    }
    var table = new TextTable().row("WHAT", "FROM", "TO");
    for (Change change : changes) {
      table.row(change.topic().toString(), shown(change.from()), shown(change.to()));
    }
    List<String> lines = new ArrayList<>(List.of(name + ":"));
    lines.addAll(table.lines());
    return lines;
  }

  private static String shown(@Nullable Fact fact) {
    return fact == null ? "-" : fact.text();
  }

  /** {@code name changes[] {what name from to}}. */
  Json.Obj json() {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("name", new Json.Str(name));
    members.put("changes", new Json.Arr(changes.stream().<Json>map(BuildChanges::json).toList()));
    return new Json.Obj(members);
  }

  private static Json.Obj json(Change change) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("what", new Json.Str(change.topic().what()));
    if (!change.topic().name().isEmpty()) {
      members.put("name", new Json.Str(change.topic().name()));
    }
    Fact from = change.from();
    if (from != null) {
      members.put("from", from.json());
    }
    Fact to = change.to();
    if (to != null) {
      members.put("to", to.json());
    }
    return new Json.Obj(members);
  }
}
