package dev.moonboot.assets.build;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.json.Json;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** What was found in the extensions of a release when it was composed, as its records tell. */
public final class RecordedLint {
  private RecordedLint() {}

  /**
   * Why the release would not have been composed for who is strict, in the words in which that is
   * refused; empty when it would.
   *
   * @param records of each architecture
   * @param names as extensions are called by who wants it, by their digests; others keep the names
   *     they had
   * @throws RuntimeException when a record is none of ours
   */
  public static Optional<String> refusal(
      SortedMap<Arch, Json.Obj> records, Map<Digest, String> names) {
    Set<String> refusals = new LinkedHashSet<>();
    records.forEach((arch, record) ->
        MadeRecord.lint(record).stream()
            .map(report -> report.called(names.getOrDefault(report.digest(), report.reference())))
            .forEach(report -> refusals.addAll(LintVerdict.refusals(arch, report, true))));
    return refusals.isEmpty() ? Optional.empty() : Optional.of(LintVerdict.text(refusals));
  }
}
