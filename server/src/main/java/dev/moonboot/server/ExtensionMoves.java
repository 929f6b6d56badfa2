package dev.moonboot.server;

import dev.moonboot.json.Json;
import dev.moonboot.server.BuildChanges.Change;
import dev.moonboot.server.BuildDescription.Fact;
import dev.moonboot.server.BuildDescription.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Extensions whose tag was changed in the configuration: under one name gone, under another one
 * new, and for a person moved.
 */
final class ExtensionMoves {
  private ExtensionMoves() {}

  /** The same with one change of the two, where there is no doubt which they are. */
  static List<Change> joined(List<Change> changes) {
    List<Change> joined = new ArrayList<>(changes);
    for (Change gone : changes) {
      if (isExtension(gone) && gone.to() == null) {
        replacing(gone, changes)
            .ifPresent(added -> {
              joined.remove(gone);
              joined.set(joined.indexOf(added), moved(gone, added));
            });
      }
    }
    return joined;
  }

  private static boolean isExtension(Change change) {
    return change.topic().what().equals(BuildDescription.EXTENSION);
  }

  private static Optional<Change> replacing(Change gone, List<Change> changes) {
    String name = withoutTag(gone.topic().name());
    List<Change> alike =
        changes.stream()
            .filter(ExtensionMoves::isExtension)
            .filter(change -> withoutTag(change.topic().name()).equals(name))
            .toList();
    return alike.size() == 2
        ? alike.stream().filter(change -> change.from() == null).findFirst()
        : Optional.empty();
  }

  private static Change moved(Change gone, Change added) {
    return new Change(
        new Topic(BuildDescription.EXTENSION, withoutTag(added.topic().name())),
        called(gone.topic().name(), gone.from()),
        called(added.topic().name(), added.to()));
  }

  /** With the tag, where no version is known, and for programs the whole name. */
  private static @Nullable Fact called(String name, @Nullable Fact fact) {
    if (fact == null || !(fact.json() instanceof Json.Obj(var said))) {
      return fact;
    }
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("name", new Json.Str(name));
    members.putAll(said);
    String tag = name.substring(withoutTag(name).length()).replaceFirst("^:", "");
    return new Fact(
        said.containsKey("version") ? fact.text() : (tag + " " + fact.text()).strip(),
        new Json.Obj(members));
  }

  /** {@code ghcr.io/acme/frr} of {@code ghcr.io/acme/frr:v1} and {@code ghcr.io/acme/frr@…}. */
  private static String withoutTag(String name) {
    int at = name.indexOf('@');
    String plain = at < 0 ? name : name.substring(0, at);
    int colon = plain.lastIndexOf(':');
    return colon > plain.lastIndexOf('/') ? plain.substring(0, colon) : plain;
  }
}
