package dev.moonboot.ignition;

import dev.moonboot.json.Json;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Of which version of the spec a config says that it is. */
sealed interface SpecVersion {
  /** The newest version that is read, and the one that is written: 3.{@value}.0. */
  int NEWEST = 4;

  /**
   * One that is read.
   *
   * @param minor 0 to {@value #NEWEST}
   * @param written what stands in the config that is written
   */
  record Known(int minor, String written) implements SpecVersion {}

  /** Another one, or none. */
  record Unknown(String why) implements SpecVersion {}

  /** As Ignition reads it: leading zeros are nothing. */
  Pattern TEXT =
      Pattern.compile(
          "0{0,9}(\\d{1,9})\\.0{0,9}(\\d{1,9})\\.0{0,9}(\\d{1,9})(-[-.0-9A-Za-z]{1,32})?");

  /** The version of {@code config}. */
  static SpecVersion of(Json.Obj config) {
    if (!(member(config, Shape.CONFIG, "ignition") instanceof Json.Obj ignition)) {
      return new Unknown("ignition.version is missing: a config of spec 3.0.0 to 3.4.0 says so");
    }
    if (!(member(ignition, Shape.IGNITION, "version") instanceof Json.Str(var text))) {
      return new Unknown("ignition.version is missing, or is no text");
    }
    Matcher version = TEXT.matcher(text);
    if (!version.matches()) {
      return new Unknown("ignition.version is no version");
    }
    int major = Integer.parseInt(version.group(1));
    int minor = Integer.parseInt(version.group(2));
    boolean plain = version.group(3).equals("0") && version.group(4) == null;
    if (major == 3 && minor <= NEWEST && plain) {
      return new Known(minor, minor == NEWEST ? text : "3." + NEWEST + ".0");
    }
    String named = version.group().length() <= 32 ? version.group() + " " : "";
    return new Unknown("the config is of spec " + named + "and only 3.0.0 to 3.4.0 are read");
  }

  /** The last of the members whose name is {@code name} as Go reads names. */
  private static @Nullable Json member(Json.Obj object, Shape shape, String name) {
    Json found = null;
    for (var member : object.members().entrySet()) {
      Field field = shape.field(member.getKey(), 0);
      if (field != null && field.name().equals(name) && !(member.getValue() instanceof Json.Null)) {
        found = member.getValue();
      }
    }
    return found;
  }
}
