package dev.moonboot.profile;

import dev.moonboot.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Names in groups that lead nowhere: allowed, because files may come in any order, but told. */
final class References {
  private static final int MOST_NAMED = 5;

  private References() {}

  /** What does not hold together around the group or profile of that name. */
  static List<String> of(Catalog catalog, CatalogKind kind, String id) {
    return switch (kind) {
      case GROUP -> catalog.group(id).stream().flatMap(group -> ofGroup(catalog, group)).toList();
      case PROFILE ->
          catalog.profile(id).isPresent() ? ofProfile(catalog, id) : ofMissing(catalog, id);
    };
  }

  private static Stream<String> ofGroup(Catalog catalog, Group group) {
    if (group.profile().isEmpty()) {
      return Stream.of("the group names no profile: its nodes are told 404");
    }
    return catalog.profile(group.profile()).isPresent()
        ? Stream.empty()
        : Stream.of(
            "there is no profile \"%s\" yet: until there is, nodes of this group are told 404"
                .formatted(group.profile()));
  }

  private static List<String> ofProfile(Catalog catalog, String id) {
    return catalog.profile(id).flatMap(Profile::boot).isPresent()
        ? List.of()
        : List.of("the profile has no boot section: nodes that would boot it are told 404");
  }

  private static List<String> ofMissing(Catalog catalog, String id) {
    List<String> users = new ArrayList<>();
    catalog.eachGroup(group -> {
      if (DataNames.profile(group.profile()).filter(id::equals).isPresent()) {
        users.add(group.file());
      }
    });
    users.sort(Value::compareAsUtf8);
    if (users.isEmpty()) {
      return List.of();
    }
    String more = users.size() > MOST_NAMED ? ", …" : "";
    return List.of(
        "%d group(s) still name it, and their nodes are told 404: %s%s"
            .formatted(
                users.size(),
                String.join(", ", users.subList(0, Math.min(MOST_NAMED, users.size()))),
                more));
  }
}
