package dev.moonboot.template;

import java.util.List;

/** Go's comparisons: numbers of JSON and whole numbers are of different kinds. */
final class Comparison {
  private Comparison() {}

  /** Whether the first equals any other. */
  static boolean equal(List<Operand> arguments) throws TemplateException {
    Operand first = arguments.getFirst();
    if (arguments.size() < 2) {
      throw new TemplateException("eq has nothing to compare with");
    }
    for (Operand other : arguments.subList(1, arguments.size())) {
      if (equal(first, other)) {
        return true;
      }
    }
    return false;
  }

  static boolean equal(Operand a, Operand b) throws TemplateException {
    if (a instanceof Value.Nil || b instanceof Value.Nil) {
      return a instanceof Value.Nil && b instanceof Value.Nil;
    }
    if (isWhole(a) && isWhole(b)) {
      return whole(a) == whole(b);
    }
    if (a instanceof Value.Num(var x) && b instanceof Value.Num(var y)) {
      return x == y;
    }
    boolean plain =
        (a instanceof Value.Text && b instanceof Value.Text)
            || (a instanceof Value.Flag && b instanceof Value.Flag);
    if (!plain) {
      throw unlike(a, b);
    }
    return a.equals(b);
  }

  static boolean less(Operand a, Operand b) throws TemplateException {
    if (isWhole(a) && isWhole(b)) {
      return whole(a) < whole(b);
    }
    if (a instanceof Value.Num(var x) && b instanceof Value.Num(var y)) {
      return x < y;
    }
    if (a instanceof Value.Text(var x) && b instanceof Value.Text(var y)) {
      return Value.compareAsUtf8(x, y) < 0;
    }
    throw unlike(a, b);
  }

  static boolean lessOrEqual(Operand a, Operand b) throws TemplateException {
    return less(a, b) || equal(a, b);
  }

  private static boolean isWhole(Operand operand) {
    return operand instanceof Operand.Whole || operand instanceof Operand.Octet;
  }

  private static long whole(Operand operand) {
    return operand instanceof Operand.Whole(var number)
        ? number
        : ((Operand.Octet) operand).number();
  }

  private static TemplateException unlike(Operand a, Operand b) {
    boolean numbers =
        (a instanceof Value.Num && isWhole(b)) || (isWhole(a) && b instanceof Value.Num);
    return new TemplateException(
        "cannot compare "
            + Operand.words(a)
            + " with "
            + Operand.words(b)
            + (numbers ? "; write the constant as 3.0" : ""));
  }
}
