package dev.moonboot.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a template. Offsets are places in its text. */
sealed interface Node {
  record Chars(String text) implements Node {}

  /** Prints the value unless it declares a variable. */
  record Action(Pipeline value) implements Node {}

  /**
   * Renders the first branch whose condition holds.
   *
   * @param branches tried one after the other; variables of one are seen in those after it
   */
  record If(List<Branch> branches, List<Node> otherwise) implements Node {}

  record Branch(Pipeline condition, List<Node> body) {}

  record With(Pipeline value, List<Node> body, List<Node> otherwise) implements Node {}

  record Range(Pipeline value, List<Node> body, List<Node> otherwise) implements Node {}

  /**
   * Renders another template.
   *
   * @param argument what the other template gets; none is null
   */
  record Call(String name, @Nullable Pipeline argument, int offset) implements Node {}

  record Break() implements Node {}

  record Continue() implements Node {}

  /** Whether nothing but white space would come of it: such a definition does not count. */
  static boolean isBlank(List<Node> nodes) {
    return nodes.stream().allMatch(node -> node instanceof Chars(var text) && text.isBlank());
  }
}
