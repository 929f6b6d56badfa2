package dev.moonboot.profile;

import dev.moonboot.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a group or profile file asks for that matchbox does not have, in a member that matchbox
 * ignores: {@code "moonboot": {"selector_lists": true}}. A file that asks for nothing means exactly
 * what it means to matchbox.
 *
 * @param selectorLists of a group: a selector's value may be a list, of which one must match
 * @param templates of a profile: its boot section holds templates
 * @param first of a profile: what firmware is told to load first
 * @param allowWipe of a profile: firmware may be given a unified kernel image that wipes disks
 * @param raspberryPi of a profile: how a Raspberry Pi boots it
 */
public record Extensions(
    boolean selectorLists,
    boolean templates,
    FirstFile first,
    boolean allowWipe,
    PiBoot raspberryPi) {
  /** The member's name. */
  public static final String MEMBER = "moonboot";

  /** Nothing is asked for. */
  public static final Extensions NONE = new Extensions(false, false);

  static final String SELECTOR_LISTS = "selector_lists";
  static final String TEMPLATES = "templates";
  static final String FIRST = "first";
  static final String ALLOW_WIPE = "allow_wipe";
  static final String RASPBERRY_PI = "raspberry_pi";

  /** One that says nothing of firmware. */
  public Extensions(boolean selectorLists, boolean templates) {
    this(selectorLists, templates, FirstFile.IPXE, false, PiBoot.DEFAULT);
  }

  /** The same as one object, where it says what almost all say. */
  Extensions shared() {
    return equals(NONE) ? NONE : this;
  }

  /** As it stands in the file; without members when nothing is asked for. */
  Json.Obj json() {
    Map<String, Json> members = new LinkedHashMap<>();
    flag(members, SELECTOR_LISTS, selectorLists);
    flag(members, TEMPLATES, templates);
    if (first != FirstFile.IPXE) {
      members.put(FIRST, new Json.Str(first.text()));
    }
    flag(members, ALLOW_WIPE, allowWipe);
    Json.Obj pi = raspberryPi.json();
    if (!pi.members().isEmpty()) {
      members.put(RASPBERRY_PI, pi);
    }
    return new Json.Obj(members);
  }

  private static void flag(Map<String, Json> members, String name, boolean value) {
    if (value) {
      members.put(name, new Json.Bool(true));
    }
  }
}
