package dev.moonboot.assets.extension;

import dev.moonboot.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One thing that is wrong with an extension.
 *
 * @param paths below {@code rootfs}, the first few; none where it is about no file
 * @param count of all paths that it is about
 * @param why in one sentence without a full stop
 * @param wayOut what can be done
 */
public record Finding(
    Severity severity, LintRule rule, List<String> paths, int count, String why, String wayOut) {
  private static final int SHOWN = 3;

  public Finding {
    paths = List.copyOf(paths);
  }

  static Finding error(LintRule rule, List<String> paths, String why, String wayOut) {
    return of(Severity.ERROR, rule, paths, why, wayOut);
  }

  static Finding warning(LintRule rule, List<String> paths, String why, String wayOut) {
    return of(Severity.WARNING, rule, paths, why, wayOut);
  }

  private static Finding of(
      Severity severity, LintRule rule, List<String> paths, String why, String wayOut) {
    List<String> first = paths.stream().limit(SHOWN).map(Finding::shown).toList();
    return new Finding(severity, rule, first, paths.size(), why, wayOut);
  }

  /** Text from an image, fit for a message: short, and without control characters. */
  static String shown(String text) {
    String visible = text.replaceAll("\\p{Cntrl}", "?");
    return visible.length() <= 160 ? visible : visible.substring(0, 157) + "...";
  }

  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** Where it is: {@code a, b, c and 4 more}; empty where it is about no file. */
  public String places() {
    String first = String.join(", ", paths);
    return count > paths.size() ? first + " and %d more".formatted(count - paths.size()) : first;
  }

  /** In one line: {@code error real-lib-directory: lib: why; what to do}. */
  @Override
  public String toString() {
    String where = paths.isEmpty() ? "" : places() + ": ";
    return severity.id() + " " + rule.id() + ": " + where + why + "; " + wayOut;
  }

  /**
   * What {@link #json} wrote.
   *
   * @throws RuntimeException when it is something else
   */
  static Finding read(Json.Obj json) {
    return new Finding(
        Severity.valueOf(word(json, "severity")),
        LintRule.valueOf(word(json, "rule")),
        json.array("paths").orElseThrow().stream().map(path -> ((Json.Str) path).value()).toList(),
        Math.toIntExact(json.integer("count").orElseThrow()),
        json.text("why").orElseThrow(),
        json.text("wayOut").orElseThrow());
  }

  private static String word(Json.Obj json, String member) {
    return json.text(member).orElseThrow().toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** {@code severity rule paths count why wayOut}. */
  public Json.Obj json() {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("severity", new Json.Str(severity.id()));
    members.put("rule", new Json.Str(rule.id()));
    members.put("paths", new Json.Arr(paths.stream().<Json>map(Json.Str::new).toList()));
    members.put("count", Json.Num.of(count));
    members.put("why", new Json.Str(why));
    members.put("wayOut", new Json.Str(wayOut));
    return new Json.Obj(members);
  }
}
