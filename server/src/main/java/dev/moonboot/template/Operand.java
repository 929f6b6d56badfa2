package dev.moonboot.template;

/** What a template calculates with: the data it is given, and what only templates make. */
sealed interface Operand permits Value, Operand.Whole, Operand.Octet {
  Value.Nil NIL = new Value.Nil();

  /** Go's {@code int}: a constant, a length, a position in a list. */
  record Whole(long number) implements Operand {}

  /** Go's {@code uint8}: one byte of a text. */
  record Octet(int number) implements Operand {}

  /** The type's name in Go, as {@code printf} shows it. */
  static String goType(Operand operand) {
    return switch (operand) {
      case Value.Text(var _) -> "string";
      case Value.Num(var _) -> "float64";
      case Value.Flag(var _) -> "bool";
      case Value.Nil() -> "<nil>";
      case Value.Items(var _) -> "[]interface {}";
      case Value.Members(var _) -> "map[string]interface {}";
      case Value.Texts(var _) -> "map[string]string";
      case Whole(var _) -> "int";
      case Octet(var _) -> "uint8";
    };
  }

  /** What it is, for people. */
  static String words(Operand operand) {
    return switch (operand) {
      case Value.Text(var _) -> "a text";
      case Value.Num(var _) -> "a number (numbers of JSON have fractions)";
      case Value.Flag(var _) -> "true or false";
      case Value.Nil() -> "null";
      case Value.Items(var _) -> "a list";
      case Value.Members(var _), Value.Texts(var _) -> "an object";
      case Whole(var _), Octet(var _) -> "a whole number";
    };
  }

  /** Null, false, zero and what is empty are false. */
  static boolean isTrue(Operand operand) {
    return switch (operand) {
      case Value.Text(var text) -> !text.isEmpty();
      case Value.Num(var number) -> number != 0;
      case Value.Flag(var flag) -> flag;
      case Value.Nil() -> false;
      case Value.Items(var items) -> !items.isEmpty();
      case Value.Members(var members) -> !members.isEmpty();
      case Value.Texts(var texts) -> !texts.isEmpty();
      case Whole(var number) -> number != 0;
      case Octet(var number) -> number != 0;
    };
  }
}
