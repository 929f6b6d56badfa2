package dev.moonboot.provision;

/** What a node that asks for its configuration is told. */
public sealed interface Answer {
  /**
   * This.
   *
   * @param type the content type; empty when it goes by what the bytes look like
   * @param by the group, and the profile where one is needed, that it comes from
   */
  record Text(String text, String type, Source by) implements Answer {}

  /**
   * Nothing.
   *
   * @param why names groups, profiles and files, and tells nothing of what is in them
   * @param detail for the log only: more of why, where what a file holds may stand; may be empty
   */
  record None(String why, String detail) implements Answer {}

  /** Something, but not now: ask again. */
  record NotNow(String why) implements Answer {}

  /** Names for the log; empty where there is none. */
  record Source(String group, String profile) {}
}
