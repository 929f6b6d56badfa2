package dev.moonboot.provision;

/** What a node that asks for its configuration is told. */
public sealed interface Answer {
  /**
   * This.
   *
   * @param type the content type; empty when it goes by what the bytes look like
   */
  record Text(String text, String type) implements Answer {}

  /** Nothing; {@code why} is for people: it names groups, profiles and files. */
  record None(String why) implements Answer {}
}
