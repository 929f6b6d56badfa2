package dev.moonboot.template;

import java.util.List;

/**
 * Commands, each of which gets what the one before gives as its last argument.
 *
 * @param variables that get the value: none, one, or two in a {@code range}
 * @param assigns to variables there are, instead of declaring
 */
record Pipeline(List<String> variables, boolean assigns, List<Command> commands, int offset) {
  /** A function with arguments, or one operand. */
  record Command(Term first, List<Term> arguments) {}
}
