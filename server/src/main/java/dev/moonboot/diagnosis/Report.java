package dev.moonboot.diagnosis;

import dev.moonboot.diagnosis.Finding.Verdict;
import dev.moonboot.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that was found.
 *
 * @param steps what a node would get, one thing after the other; empty where none was asked about
 */
public record Report(List<Finding> findings, List<Finding> steps) {
  private static final String HERE = "  <-- here it ends";

  public Report {
    findings = List.copyOf(findings);
    steps = List.copyOf(steps);
  }

  /** Whether nodes boot, as far as was looked. */
  public boolean isWell() {
    return findings.stream().noneMatch(f -> f.verdict() == Verdict.FAIL)
        && steps.stream().noneMatch(f -> f.verdict() == Verdict.FAIL);
  }

  /** For people: a line for each finding, then the numbered steps of the node. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>(findings.stream().map(Finding::line).toList());
    if (!steps.isEmpty()) {
      lines.add("");
    }
    boolean ended = false;
    for (int i = 0; i < steps.size(); i++) {
      Finding step = steps.get(i);
      boolean ends = !ended && step.verdict() == Verdict.FAIL;
      lines.add("%2d. %s%s".formatted(i + 1, step.line(), ends ? HERE : ""));
      ended |= ends;
    }
    return lines;
  }

  /** For programs; docs/operations.md says what is in it. */
  public Json.Obj json() {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("ok", new Json.Bool(isWell()));
    members.put("findings", new Json.Arr(findings.stream().map(Report::json).toList()));
    members.put("steps", new Json.Arr(steps.stream().map(Report::json).toList()));
    return new Json.Obj(members);
  }

  private static Json json(Finding finding) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("verdict", new Json.Str(finding.verdict().word()));
    members.put("what", new Json.Str(finding.what()));
    members.put("found", new Json.Str(finding.found()));
    members.put("advice", new Json.Str(finding.advice()));
    return new Json.Obj(members);
  }
}
