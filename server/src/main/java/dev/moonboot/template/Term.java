package dev.moonboot.template;

import java.util.List;

/** One operand in an action. */
sealed interface Term {
  int offset();

  record Constant(Operand value, int offset) implements Term {}

  /** An unsigned integer of 64 bits, which Go parses and then cannot use. */
  record TooLarge(String text, int offset) implements Term {}

  record Nil(int offset) implements Term {}

  record Dot(int offset) implements Term {}

  /** Members of the dot. */
  record Field(List<String> names, int offset) implements Term {}

  /** A variable, or members of it. */
  record Variable(String name, List<String> names, int offset) implements Term {}

  record Name(Function function, int offset) implements Term {}

  record Parenthesis(Pipeline pipeline, int offset) implements Term {}

  /** Members of what a parenthesis or function gives. */
  record Member(Term of, List<String> names, int offset) implements Term {}

  /** What cannot take an argument, not even from a pipeline. */
  default boolean isPlain() {
    return switch (this) {
      case Constant _, TooLarge _, Nil _, Dot _ -> true;
      case Field _, Variable _, Name _, Parenthesis _, Member _ -> false;
    };
  }
}
