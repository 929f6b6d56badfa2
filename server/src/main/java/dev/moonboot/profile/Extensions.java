package dev.moonboot.profile;

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
}
