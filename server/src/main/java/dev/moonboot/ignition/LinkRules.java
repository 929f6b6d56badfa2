package dev.moonboot.ignition;

import dev.moonboot.json.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Nothing may lie below a link, and a hard link may not lead to a directory. */
final class LinkRules {
  private final Set<String> links = new HashSet<>();
  private final TreeSet<Integer> lengths = new TreeSet<>();

  private LinkRules(List<Json> all) {
    all.forEach(link -> {
      links.add(path(link));
      lengths.add(path(link).length());
    });
  }

  static void check(int minor, Json.Obj storage, Place place, Problems problems) {
    List<Json> all = storage.array("links").orElse(List.of());
    if (all.isEmpty()) {
      return;
    }
    LinkRules rules = new LinkRules(all);
    for (String list : List.of("directories", "files", "links")) {
      List<Json> items = storage.array(list).orElse(List.of());
      for (int i = 0; i < items.size(); i++) {
        if (rules.isBelowLink(path(items.get(i)))) {
          problems.add(place.member(list).item(i), "lies below a link of this config");
        }
      }
    }
    Set<String> directories = new HashSet<>();
    storage.array("directories").orElse(List.of()).forEach(each -> directories.add(path(each)));
    for (int i = 0; i < all.size(); i++) {
      target(minor, (Json.Obj) all.get(i), directories, place.member("links").item(i), problems);
    }
  }

  private boolean isBelowLink(String path) {
    for (int length : lengths.headSet(path.length())) {
      if (path.charAt(length) == '/' && links.contains(path.substring(0, length))) {
        return true;
      }
    }
    return false;
  }

  private static void target(
      int minor, Json.Obj link, Set<String> directories, Place place, Problems problems) {
    String target = link.text("target").orElse("");
    if (target.isEmpty() && minor >= 3) {
      problems.add(place.member("target"), "is missing");
      return;
    }
    // a relative target is taken as below the link itself, as Ignition takes it
    String full = target.startsWith("/") ? target : path(link) + "/" + target;
    if (Rules.isTrue(link, "hard") && directories.contains(GoPath.clean(full))) {
      problems.add(place, "is a hard link to a directory");
    }
  }

  private static String path(Json node) {
    return node instanceof Json.Obj object ? object.text("path").orElse("") : "";
  }
}
