package dev.moonboot.profile;

import dev.moonboot.config.Suggestion;
import dev.moonboot.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what a file asks for that matchbox does not know: what is misspelt in there is told. */
final class ExtensionsReader {
  private static final List<String> OF_GROUPS = List.of(Extensions.SELECTOR_LISTS);
  private static final List<String> OF_PROFILES =
      List.of(
          Extensions.TEMPLATES, Extensions.FIRST, Extensions.ALLOW_WIPE, Extensions.RASPBERRY_PI);
  private static final List<String> OF_PI = List.of(PiBoot.BOOT, PiBoot.CONFIG_TXT);

  private final String place;
  private final Json.Obj asked;

  private ExtensionsReader(String place, Json.Obj asked) {
    this.place = place;
    this.asked = asked;
  }

  /**
   * @throws UnusableFileException when a group cannot ask so
   */
  static Extensions group(Json.Obj asked) {
    ExtensionsReader in = of(Extensions.MEMBER, asked, OF_GROUPS);
    return new Extensions(in.flag(Extensions.SELECTOR_LISTS), false).shared();
  }

  /**
   * @throws UnusableFileException when a profile cannot ask so
   */
  static Extensions profile(Json.Obj asked) {
    ExtensionsReader in = of(Extensions.MEMBER, asked, OF_PROFILES);
    return new Extensions(
            false,
            in.flag(Extensions.TEMPLATES),
            in.text(Extensions.FIRST)
                .map(text ->
                    FirstFile.of(text)
                        .orElseThrow(() -> in.unusable(Extensions.FIRST, FirstFile.CHOICE)))
                .orElse(FirstFile.IPXE),
            in.flag(Extensions.ALLOW_WIPE),
            in.raspberryPi())
        .shared();
  }

  private static ExtensionsReader of(String place, Json.Obj asked, List<String> known) {
    for (String name : asked.members().keySet()) {
      if (!known.contains(name)) {
        throw new UnusableFileException(
            "\"%s\" has the unknown member \"%s\"; here it can have %s%s"
                .formatted(place, name, quoted(known), Suggestion.among(name, known)));
      }
    }
    return new ExtensionsReader(place, asked);
  }

  private static String quoted(List<String> names) {
    return "\"" + String.join("\", \"", names) + "\"";
  }

  private UnusableFileException unusable(String name, String why) {
    return new UnusableFileException("\"%s\": \"%s\" %s".formatted(place, name, why));
  }

  private Optional<Json> member(String name) {
    return asked.member(name).filter(value -> !(value instanceof Json.Null));
  }

  private boolean flag(String name) {
    return member(name)
        .map(value -> {
          if (value instanceof Json.Bool(var flag)) {
            return flag;
          }
          throw unusable(name, "must be true or false");
        })
        .orElse(false);
  }

  private Optional<String> text(String name) {
    return member(name)
        .map(value -> {
          if (value instanceof Json.Str(var text)) {
            return text;
          }
          throw unusable(name, "must be a string");
        });
  }

  private PiBoot raspberryPi() {
    Json value = member(Extensions.RASPBERRY_PI).orElse(new Json.Obj(Map.of()));
    if (!(value instanceof Json.Obj object)) {
      throw unusable(Extensions.RASPBERRY_PI, "must be an object");
    }
    String below =
        place + "\": \"" + Extensions.RASPBERRY_PI; // reads as "moonboot": "raspberry_pi"
    ExtensionsReader in = of(below, object, OF_PI);
    PiBoot.Way way =
        in.text(PiBoot.BOOT)
            .map(text ->
                PiBoot.Way.of(text).orElseThrow(() -> in.unusable(PiBoot.BOOT, PiBoot.Way.CHOICE)))
            .orElse(PiBoot.Way.KERNEL);
    PiBoot read = new PiBoot(way, in.lines());
    return read.equals(PiBoot.DEFAULT) ? PiBoot.DEFAULT : read;
  }

  private List<String> lines() {
    Json value = member(PiBoot.CONFIG_TXT).orElse(new Json.Arr(List.of()));
    if (!(value instanceof Json.Arr(var items))) {
      throw unusable(PiBoot.CONFIG_TXT, "must be a list of strings");
    }
    List<String> lines = new ArrayList<>();
    for (Json item : items) {
      if (!(item instanceof Json.Str(var line))) {
        throw unusable(PiBoot.CONFIG_TXT, "must be a list of strings");
      }
      PiBoot.problem(line)
          .ifPresent(why -> {
            throw unusable(PiBoot.CONFIG_TXT, "line %d %s".formatted(lines.size() + 1, why));
          });
      lines.add(line);
    }
    return lines;
  }
}
