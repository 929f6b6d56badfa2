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
 * @param templates of a profile: kernel arguments are templates
 */
public record Extensions(boolean selectorLists, boolean templates) {
  /** The member's name. */
  public static final String MEMBER = "moonboot";

  /** Nothing is asked for. */
  public static final Extensions NONE = new Extensions(false, false);

  static final String SELECTOR_LISTS = "selector_lists";
  static final String TEMPLATES = "templates";

  private static final Extensions LISTS = new Extensions(true, false);
  private static final Extensions TEMPLATED = new Extensions(false, true);

  static Extensions of(String asked) {
    return asked.equals(SELECTOR_LISTS) ? LISTS : TEMPLATED;
  }

  /** As it stands in the file; without members when nothing is asked for. */
  Json.Obj json() {
    Map<String, Json> members = new LinkedHashMap<>();
    if (selectorLists) {
      members.put(SELECTOR_LISTS, new Json.Bool(true));
    }
    if (templates) {
      members.put(TEMPLATES, new Json.Bool(true));
    }
    return new Json.Obj(members);
  }
}
