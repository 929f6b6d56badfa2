package dev.moonboot.migrate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.boot.BootPlanner;
import dev.moonboot.ignition.Ignition;
import dev.moonboot.ignition.Normalized;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.CatalogReader;
import dev.moonboot.profile.CatalogWriter;
import dev.moonboot.profile.ConfigFile;
import dev.moonboot.profile.ConfigKind;
import dev.moonboot.profile.Extensions;
import dev.moonboot.profile.FileProblem;
import dev.moonboot.profile.Group;
import dev.moonboot.profile.Profile;
import dev.moonboot.secret.ConfigUrls;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Pattern;

/** What groups, profiles and the files they name will mean, read as the service reads them. */
final class DataReview {
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final Pattern SPELLED_MAC = Pattern.compile(".*[:.-].*");

  /** Problems that only moonboot has with a file. */
  private static final Pattern OURS =
      Pattern.compile(
          "larger than.*|has \\d+ files.*|.*\"(machine_config|" + Extensions.MEMBER + ")\".*",
          Pattern.DOTALL);

  private final Catalog catalog;
  private final List<Finding> findings = new ArrayList<>();

  private DataReview(Catalog catalog) {
    this.catalog = catalog;
  }

  /** The catalog, with what there is to say about its files. */
  static List<Finding> of(Source source) {
    Catalog catalog = new CatalogReader(source.data()).read();
    DataReview review = new DataReview(catalog);
    catalog.problems().forEach(review::problem);
    review.groups();
    catalog.profiles().values().forEach(review::profile);
    source.dataFiles().forEach(review::file);
    return review.findings;
  }

  private void problem(FileProblem problem) {
    if (problem.why().equals("no such folder")) {
      return; // as good as an empty one, to both
    }
    findings.add(
        OURS.matcher(problem.why()).matches()
            ? Finding.different(
                problem.file(), "matchbox uses it, moonboot cannot: " + problem.why())
            : Finding.broken(problem.file(), "matchbox cannot use it either: " + problem.why()));
  }

  private static String file(Group group) {
    return "groups/" + group.file() + ".json";
  }

  private static String file(Profile profile) {
    return "profiles/" + profile.file() + ".json";
  }

  private void groups() {
    Map<SortedMap<String, String>, Group> bySelector = new HashMap<>();
    for (Group group : catalog.groups()) { // best first: of equals the one that wins
      Group winner = bySelector.putIfAbsent(group.selector(), group);
      if (winner != null) {
        findings.add(
            Finding.note(
                file(group),
                "has the selectors of %s, which wins by its file name: no node ever gets this one;"
                        .formatted(file(winner))
                    + " with matchbox that is so by chance"));
      }
      group(group);
    }
  }

  private void group(Group group) {
    name(file(group), group.file());
    if (catalog.profile(group.profile()).isEmpty()) {
      findings.add(
          Finding.broken(
              file(group),
              group.profile().isEmpty()
                  ? "names no profile: its nodes get 404"
                  : "there is no usable profile \"%s\": its nodes get 404"
                      .formatted(group.profile())));
    }
    group
        .selector()
        .forEach((key, value) -> {
          if (CONTROL.matcher(key + value).find()) {
            findings.add(
                Finding.different(
                    file(group),
                    "selects by a control character, and a request with one is 400: no node gets"
                        + " it (matchbox.control-characters: true is matchbox's way)"));
          }
          if (NodeLabels.isMac(key) && !key.equals("mac")) {
            findings.add(
                Finding.note(
                    file(group),
                    "selects by \"%s\": the chain script sends \"mac\", which that is not"
                        .formatted(key)));
          }
        });
  }

  private void name(String file, String name) {
    if (!CatalogWriter.isId(name)) {
      findings.add(
          Finding.note(
              file,
              "its name is none that the admin API takes ([a-z0-9][a-z0-9._-]{0,62}): it is changed"
                  + " as a file, or over gRPC"));
    }
  }

  private void profile(Profile profile) {
    name(file(profile), profile.file());
    profile.boot().ifPresent(boot -> boot.args().forEach(arg -> placeholder(profile, arg)));
    if (!profile.machineConfig().isEmpty()) {
      findings.add(
          Finding.different(
              file(profile),
              "has \"machine_config\", which matchbox ignores: assets/%s becomes a secret"
                  .formatted(profile.machineConfig())));
    }
  }

  private void placeholder(Profile profile, String arg) {
    for (String placeholder : List.of(BootPlanner.CMDLINE, ConfigUrls.PLACEHOLDER)) {
      if (arg.contains(placeholder)) {
        findings.add(
            Finding.different(
                file(profile),
                "has the argument \"%s\": matchbox passes %s on as it is, moonboot fills it in"
                    .formatted(arg, placeholder)));
      }
    }
  }

  /** What a file says that its group or profile no longer shows. */
  private void file(SourceFile file) {
    String folder = file.name().substring(0, file.name().indexOf('/'));
    String name = file.name().substring(folder.length() + 1);
    switch (folder) {
      case "groups", "profiles" -> {
        if (name.endsWith(".json")) {
          json(file);
        } else {
          findings.add(
              Finding.note(
                  file.name(), "does not end in .json: neither matchbox nor moonboot reads it"));
        }
      }
      case "ignition" -> ignition(file, name);
      default -> {}
    }
  }

  private void json(SourceFile file) {
    try {
      if (JsonText.parseLastWins(Files.readString(file.real(), UTF_8)) instanceof Json.Obj object) {
        extensions(file, object);
        macs(file, object);
      }
    } catch (IOException | JsonException e) {
      // the catalog has told what is wrong with it
    }
  }

  private void extensions(SourceFile file, Json.Obj object) {
    if (object.members().containsKey(Extensions.MEMBER)) {
      findings.add(
          Finding.different(
              file.name(),
              "has a member \"%s\", which matchbox ignores: it switches on extensions"
                  .formatted(Extensions.MEMBER)));
    }
  }

  private void macs(SourceFile file, Json.Obj object) {
    object.object("selector").map(Json.Obj::members).orElse(Map.of()).entrySet().stream()
        .filter(label -> NodeLabels.isMac(label.getKey()))
        .filter(label ->
            label.getValue() instanceof Json.Str(var mac)
                && !mac.isEmpty()
                && !SPELLED_MAC.matcher(mac).matches())
        .forEach(label ->
            findings.add(
                Finding.different(
                    file.name(),
                    "its hardware address has no separators: moonboot and newer matchbox take it,"
                        + " v0.11.0 skips the file")));
  }

  private void ignition(SourceFile file, String name) {
    if (!ConfigFile.isRawIgnition(ConfigKind.IGNITION, name)) {
      findings.add(
          Finding.different(
              file.name(),
              "is Butane, which matchbox translates itself: moonboot needs the program butane"
                  + " (provision.butane), else /ignition is 404"));
      return;
    }
    try {
      String text = new String(Files.readAllBytes(file.real()), UTF_8);
      if (Ignition.normalize(text) instanceof Normalized.Unusable(var why)) {
        findings.add(
            Finding.different(
                file.name(),
                "cannot be used (%s): matchbox answers 200 with an empty config, moonboot 404"
                        .formatted(why)
                    + " (matchbox.blank-ignition: true is matchbox's way)"));
      }
    } catch (IOException e) {
      throw new MigrateException(file.real() + " cannot be read: " + e.getMessage(), e);
    }
  }
}
