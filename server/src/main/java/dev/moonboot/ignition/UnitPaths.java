package dev.moonboot.ignition;

import dev.moonboot.json.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A file may not lie where a systemd unit or drop-in of the same config is written. */
final class UnitPaths {
  private static final String FOLDER = "/etc/systemd/system/";

  private UnitPaths() {}

  static void check(Json.Obj config, Place place, Problems problems) {
    Set<String> written = new HashSet<>();
    for (Json.Obj unit : items(config, "systemd", "units")) {
      String path = FOLDER + unit.text("name").orElse("");
      if (Rules.text(unit, "contents").isPresent()) {
        written.add(path);
      }
      for (Json dropin : unit.array("dropins").orElse(List.of())) {
        if (dropin instanceof Json.Obj object && Rules.text(object, "contents").isPresent()) {
          written.add(path + ".d/" + object.text("name").orElse(""));
        }
      }
    }
    for (String list : List.of("files", "directories", "links")) {
      List<Json.Obj> nodes = items(config, "storage", list);
      for (int i = 0; i < nodes.size(); i++) {
        if (written.contains(nodes.get(i).text("path").orElse(""))) {
          problems.add(
              place.member("storage").member(list).item(i).member("path"),
              "is where a systemd unit or drop-in of this config is written");
        }
      }
    }
  }

  private static List<Json.Obj> items(Json.Obj config, String section, String list) {
    return config.object(section).flatMap(of -> of.array(list)).orElse(List.of()).stream()
        .map(Json.Obj.class::cast)
        .toList();
  }
}
