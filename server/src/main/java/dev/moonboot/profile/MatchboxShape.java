package dev.moonboot.profile;

import dev.moonboot.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Groups and profiles as matchbox writes them: members in its order, and none that is empty, except
 * that a boot section without content says that there is one.
 */
final class MatchboxShape {
  private MatchboxShape() {}

  static Json.Obj of(Group group) {
    return of(group, group.selectorJson());
  }

  /**
   * @param selector as it was given: matchbox brings hardware addresses to one form only when it
   *     reads them
   */
  static Json.Obj of(Group group, Json.Obj selector) {
    Map<String, Json> members = new LinkedHashMap<>();
    add(members, "id", group.id());
    add(members, "name", group.name());
    add(members, "profile", group.profile());
    add(members, "selector", selector);
    add(members, "metadata", group.metadata());
    add(members, Extensions.MEMBER, group.extensions().json()); // ours
    return new Json.Obj(members);
  }

  static Json.Obj of(Profile profile) {
    Map<String, Json> members = new LinkedHashMap<>();
    add(members, "id", profile.id());
    add(members, "name", profile.name());
    add(members, "ignition_id", profile.ignitionId());
    add(members, "cloud_id", profile.cloudId());
    profile.boot().ifPresent(boot -> members.put("boot", of(boot)));
    add(members, "generic_id", profile.genericId());
    add(members, Profile.MACHINE_CONFIG, profile.machineConfig()); // ours
    add(members, Extensions.MEMBER, profile.extensions().json()); // ours
    return new Json.Obj(members);
  }

  private static Json.Obj of(Profile.NetBoot boot) {
    Map<String, Json> members = new LinkedHashMap<>();
    add(members, "kernel", boot.kernel());
    add(members, "initrd", boot.initrd());
    add(members, "args", boot.args());
    return new Json.Obj(members);
  }

  private static void add(Map<String, Json> members, String name, String value) {
    if (!value.isEmpty()) {
      members.put(name, new Json.Str(value));
    }
  }

  private static void add(Map<String, Json> members, String name, List<String> values) {
    if (!values.isEmpty()) {
      members.put(name, new Json.Arr(values.stream().<Json>map(Json.Str::new).toList()));
    }
  }

  private static void add(Map<String, Json> members, String name, Json.Obj value) {
    if (!value.members().isEmpty()) {
      members.put(name, value);
    }
  }

  /** The selector as the file has it, before hardware addresses are brought to one form. */
  static Json.Obj givenSelector(Json.Obj content) {
    SortedMap<String, Json> selector = new TreeMap<>();
    content
        .object("selector")
        .ifPresent(labels ->
            labels
                .members()
                .forEach((key, value) ->
                    selector.put(key, value instanceof Json.Null ? new Json.Str("") : value)));
    return new Json.Obj(selector);
  }
}
