package dev.moonboot.boot;

import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Kind;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.profile.Group;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a node boots that nobody wrote down: no group that matches it selects by its hardware
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

  /** Whether a node that {@code group} matches best is known by that. */
  static boolean isKnown(@Nullable Group group) {
    return group != null
        && group.selector().entrySet().stream()
            .anyMatch(label ->
                !label.getValue().isEmpty()
                    && (NodeLabels.isMac(label.getKey())
                        || label.getKey().equals("uuid")
                        || label.getKey().equals("serial")));
  }
}
