package dev.moonboot.e2e;

import dev.moonboot.json.Json;
import java.util.List;

/**
 * What the appliance tells of a boot of a node.
 *
 * @param firmware what kind of client DHCP saw
 * @param outcome how it stands
 * @param stages those it showed, in their order
 */
record BootRecord(String firmware, String outcome, List<String> stages) {
  /** All that are known, the latest first. */
  static List<BootRecord> of(ApplianceProcess appliance, String mac) {
    return appliance.adminApi("boots?node=" + mac).array("boots").orElse(List.of()).stream()
        .map(BootRecord::of)
        .toList();
  }

  private static BootRecord of(Json json) {
    if (!(json instanceof Json.Obj boot)) {
      throw new AssertionError("no boot: " + json);
    }
    return new BootRecord(
        boot.text("firmware").orElse(""),
        boot.object("verdict").flatMap(verdict -> verdict.text("outcome")).orElse(""),
        boot.array("stages").orElse(List.of()).stream()
            .map(stage -> stage instanceof Json.Obj of ? of.text("stage").orElse("?") : "?")
            .toList());
  }
}
