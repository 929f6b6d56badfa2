package dev.moonboot.profile;

import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Kind;
import dev.moonboot.json.Json;
import dev.moonboot.node.NodeLabels;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a node is given that nobody wrote down: no group that matches it selects by its hardware
 * address, UUID or serial number.
 *
 * @param quarantine name of the profile that unknown nodes boot; null unless they do
 */
public record UnknownNodes(Boot boot, @Nullable String quarantine) {
  /** What unknown nodes boot. */
  public enum Boot {
    /** What the group that matches says, as with matchbox. */
    DEFAULT,
    /** One profile, whatever group matches. */
    QUARANTINE,
    /** Nothing: they are answered as if no group matched. */
    NOTHING
  }

  public static final UnknownNodes DEFAULT = new UnknownNodes(Boot.DEFAULT, null);

  private static final Kind<Boot> BOOT =
      new Kind<>(
          "default, quarantine or nothing",
          text -> {
            for (Boot boot : Boot.values()) {
              if (name(boot).equals(text)) {
                return boot;
              }
            }
            throw new IllegalArgumentException("unknown");
          },
          UnknownNodes::name);

  private static String name(Boot boot) {
    return boot.name().toLowerCase(Locale.ROOT);
  }

  /** Reads the section {@code unknown-nodes}. */
  public static UnknownNodes read(ConfigReader in) {
    Boot boot =
        in.value(
            "boot",
            "what a node boots that no group selects by mac, uuid or serial: what the group that"
                + " matches says (default), the profile below (quarantine), or nothing",
            Boot.DEFAULT,
            BOOT,
            List.of());
    Optional<String> profile =
        in.optional("profile", "the profile that unknown nodes boot in quarantine", Kind.TEXT);
    if (boot == Boot.QUARANTINE && profile.isEmpty()) {
      in.problem("profile", "must be set where unknown nodes boot in quarantine");
    }
    return new UnknownNodes(boot, boot == Boot.QUARANTINE ? profile.orElse("") : null);
  }

  /** What the node with these labels is given, and by which group. */
  public Choice choose(Catalog catalog, NodeLabels labels) {
    Selection selection = catalog.select(labels);
    if (boot != Boot.DEFAULT && !isKnown(selection.found().orElse(null))) {
      return boot == Boot.NOTHING ? nothing(labels) : quarantined(catalog);
    }
    return switch (selection) {
      case Selection.Match(var group, var profile) -> new Choice.Given(group, profile);
      case Selection.NoProfile(var group) ->
          new Choice.GroupOnly(
              group,
              "group %s names the profile \"%s\", which is missing or cannot be used"
                  .formatted(group.file(), group.profile()));
      case Selection.None() -> new Choice.Nothing("no group matches" + noteOn(labels));
    };
  }

  private static Choice nothing(NodeLabels labels) {
    return new Choice.Nothing(
        "no group selects the node by mac, uuid or serial, and unknown-nodes.boot is nothing"
            + noteOn(labels));
  }

  /**
   * Whoever is in quarantine learns nothing of what is written down for other nodes: not even the
   * name of a group goes on from here, by which its machine config could be found again.
   */
  private Choice quarantined(Catalog catalog) {
    String name = String.valueOf(quarantine);
    Group group = new Group("", "", "", name, new TreeMap<>(), new Json.Obj(Map.of()));
    return catalog
        .profile(name)
        .<Choice>map(profile -> new Choice.Given(group, profile))
        .orElseGet(() ->
            new Choice.Nothing(
                "unknown nodes are to boot the profile \"%s\" (unknown-nodes.profile), which is"
                        .formatted(name)
                    + " missing or cannot be used"));
  }

  private static String noteOn(NodeLabels labels) {
    return labels.ignored().isEmpty() ? "" : "; left out: " + String.join(", ", labels.ignored());
  }

  /** Whether a node that {@code group} matches best is known by that. */
  public static boolean isKnown(@Nullable Group group) {
    return group != null
        && group.selector().entrySet().stream()
            .anyMatch(label ->
                !label.getValue().isEmpty()
                    && (NodeLabels.isMac(label.getKey())
                        || label.getKey().equals("uuid")
                        || label.getKey().equals("serial")));
  }
}
