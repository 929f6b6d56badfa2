package dev.moonboot.ignition;

import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import java.util.Optional;
import java.util.Set;

/** Encrypted devices, and what unlocks them. */
final class LuksRules {
  private static final Set<String> PINS = Set.of("tpm2", "tang", "sss");
  private static final int LONGEST_LABEL = 47;

  private LuksRules() {}

  static void luks(int minor, Json.Obj object, Place place, Problems problems) {
    if (object.text("name").orElse("").contains("/")) {
      problems.add(place.member("name"), "has a '/' in it");
    }
    if (object.text("label").filter(label -> Rules.bytes(label) > LONGEST_LABEL).isPresent()) {
      problems.add(place.member("label"), "is longer than 47 bytes");
    }
    Rules.path(object.text("device").orElse(""), place.member("device"), problems);
    Json.Obj clevis = object.object("clevis").orElseThrow();
    boolean others =
        clevis.array("tang").isPresent()
            || Rules.isTrue(clevis, "tpm2")
            || clevis.integer("threshold").filter(n -> n != 0).isPresent();
    if (others && hasCustom(minor, clevis.object("custom").orElseThrow())) {
      problems.add(place.member("clevis"), "has a custom pin beside tang, tpm2 or threshold");
    }
  }

  /** Before 3.3 an empty custom pin was one, too; it is read with members then. */
  private static boolean hasCustom(int minor, Json.Obj custom) {
    return minor >= 3 ? Rules.text(custom, "pin").isPresent() : !custom.members().isEmpty();
  }

  static void custom(int minor, Json.Obj object, Place place, Problems problems) {
    Optional<String> pin = Rules.text(object, "pin");
    Optional<String> config = Rules.text(object, "config");
    boolean networked = minor >= 3 && Rules.isTrue(object, "needsNetwork");
    if (pin.isEmpty() && config.isEmpty() && !networked) {
      return;
    }
    if (pin.filter(PINS::contains).isEmpty()) {
      problems.add(place.member("pin"), "is none of tpm2, tang, sss");
    }
    if (config.isEmpty()) {
      problems.add(place.member("config"), "is missing");
    }
  }

  static void tang(Json.Obj object, Place place, Problems problems) {
    if (!Sources.isHttp(object.text("url").orElse(""))) {
      problems.add(place.member("url"), "is not an http or https URL");
    }
    if (Rules.text(object, "thumbprint").isEmpty()) {
      problems.add(place.member("thumbprint"), "is missing");
    }
    if (Rules.text(object, "advertisement").filter(text -> !isJson(text)).isPresent()) {
      problems.add(place.member("advertisement"), "is not JSON");
    }
  }

  private static boolean isJson(String text) {
    try {
      JsonText.parseLastWins(text, Ignition.MOST_TOKENS);
      return true;
    } catch (JsonException e) {
      return false;
    }
  }
}
