package dev.moonboot.assets.extension;

import dev.moonboot.assets.Digest;
import dev.moonboot.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is wrong with one extension, for people and programs.
 *
 * @param reference as a person wrote it
 * @param digest of the image
 * @param label {@code frr v1.0.2}; empty where the image could not be read that far
 * @param findings errors first; none when all is well
 */
public record ExtensionReport(
    String reference, Digest digest, String label, List<Finding> findings) {
  public ExtensionReport {
    findings = List.copyOf(findings);
  }

  /** Of an extension that could be read. */
  public static ExtensionReport of(ExtensionImage image, List<Finding> findings) {
    return new ExtensionReport(image.reference(), image.digest(), image.label(), findings);
  }

  /** Of an image that is no extension. */
  public static ExtensionReport of(String reference, Digest digest, ExtensionException why) {
    return new ExtensionReport(reference, digest, "", why.findings());
  }

  /**
   * What {@link #json} wrote.
   *
   * @throws RuntimeException when it is something else
   */
  public static ExtensionReport read(Json.Obj json) {
    return new ExtensionReport(
        json.text("reference").orElseThrow(),
        Digest.parse(json.text("digest").orElseThrow()),
        json.text("extension").orElseThrow(),
        json.array("findings").orElseThrow().stream()
            .map(finding -> Finding.read((Json.Obj) finding))
            .toList());
  }

  /** The same, called as another person wrote it. */
  public ExtensionReport called(String other) {
    return new ExtensionReport(other, digest, label, findings);
  }

  /** Whether it is refused. */
  public boolean refuses(boolean strict) {
    return findings.stream().anyMatch(finding -> strict || finding.isError());
  }

  /** Those findings for which it is refused. */
  public List<Finding> refusals(boolean strict) {
    return findings.stream().filter(finding -> strict || finding.isError()).toList();
  }

  /**
   * For people, each line ending with a line feed:
   *
   * <pre>
   * siderolabs/hello (hello 1.0.0, sha256:…): nothing to say
   * oci:ext:frr (frr v1.0.2, sha256:…):
   *   warning setuid: usr/…/bash: programs that …; see that they are wanted
   * </pre>
   */
  public String text() {
    StringBuilder text = new StringBuilder(Finding.shown(reference)).append(" (");
    if (!label.isEmpty()) {
      text.append(Finding.shown(label)).append(", ");
    }
    text.append(digest).append("):");
    if (findings.isEmpty()) {
      return text.append(" nothing to say\n").toString();
    }
    text.append('\n');
    findings.forEach(finding -> text.append("  ").append(finding).append('\n'));
    return text.toString();
  }

  /** {@code reference digest extension findings}. */
  public Json.Obj json() {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("reference", new Json.Str(reference));
    members.put("digest", new Json.Str(digest.toString()));
    members.put("extension", new Json.Str(label));
    members.put("findings", new Json.Arr(findings.stream().<Json>map(Finding::json).toList()));
    return new Json.Obj(members);
  }
}
