package dev.moonboot.template;

import java.util.List;

/** What the functions do with operands that are known. */
final class Functions {
  private final List<Operand> operands;
  private final Budget budget;

  private Functions(List<Operand> operands, Budget budget) {
    this.operands = operands;
    this.budget = budget;
  }

  /**
   * Calls any but {@code and} and {@code or}.
   *
   * @param operands as many as the function wants
   */
  static Operand call(Function function, List<Operand> operands, Budget budget)
      throws TemplateException {
    return new Functions(operands, budget).call(function);
  }

  private Operand call(Function function) throws TemplateException {
    for (Operand operand : operands) {
      if (operand instanceof Value.Text(var text)) {
        budget.read(text.length());
      }
    }
    Operand first = operands.isEmpty() ? Operand.NIL : operands.getFirst();
    return switch (function) {
      case AND, OR -> throw new IllegalArgumentException(function + " is decided elsewhere");
      case NOT -> new Value.Flag(!Operand.isTrue(first));
      case EQ -> new Value.Flag(Comparison.equal(operands));
      case NE -> new Value.Flag(!Comparison.equal(first, operands.get(1)));
      case LT -> new Value.Flag(Comparison.less(first, operands.get(1)));
      case LE -> new Value.Flag(Comparison.lessOrEqual(first, operands.get(1)));
      case GT -> new Value.Flag(!Comparison.lessOrEqual(first, operands.get(1)));
      case GE -> new Value.Flag(!Comparison.less(first, operands.get(1)));
      case LEN -> new Operand.Whole(length(first));
      case INDEX -> index(first);
      case SLICE -> slice(first);
      case PRINT, PRINTF, PRINTLN, HTML, JS, URLQUERY -> text(function);
      case CALL ->
          throw new TemplateException(
              "call wants a function, and " + Operand.words(first) + " is none");
    };
  }

  private static int length(Operand operand) throws TemplateException {
    return switch (operand) {
      case Value.Text(var text) -> Utf8.length(text);
      case Value.Items(var items) -> items.size();
      case Value.Members(var members) -> members.size();
      case Value.Texts(var texts) -> texts.size();
      default -> throw new TemplateException(Operand.words(operand) + " has no length");
    };
  }

  private Operand index(Operand of) throws TemplateException {
    if (of instanceof Value.Nil) {
      throw new TemplateException("index of null");
    }
    Operand found = of;
    for (Operand key : operands.subList(1, operands.size())) {
      found = index(found, key);
    }
    return found;
  }

  private static Operand index(Operand of, Operand key) throws TemplateException {
    return switch (of) {
      case Value.Items(var items) -> items.get(position(key, items.size() - 1));
      case Value.Text(var text) ->
          new Operand.Octet(Utf8.octet(text, position(key, Utf8.length(text) - 1)));
      case Value.Members(var members) -> {
        Operand value = members.get(key(key));
        yield value == null ? Operand.NIL : value;
      }
      case Value.Texts(var texts) -> new Value.Text(texts.getOrDefault(key(key), ""));
      default -> throw new TemplateException("index of " + Operand.words(of));
    };
  }

  private static String key(Operand key) throws TemplateException {
    if (!(key instanceof Value.Text(var text))) {
      throw new TemplateException(
          "members of an object are asked for by a text, not by " + Operand.words(key));
    }
    return text;
  }

  private static int position(Operand operand, int last) throws TemplateException {
    long position =
        switch (operand) {
          case Operand.Whole(var number) -> number;
          case Operand.Octet(var number) -> number;
          default ->
              throw new TemplateException(
                  "a position must be a whole number and is " + Operand.words(operand));
        };
    if (position < 0 || position > last) {
      throw new TemplateException("position " + position + " is out of range");
    }
    return (int) position;
  }

  private Operand slice(Operand of) throws TemplateException {
    if (operands.size() > 4 || (operands.size() == 4 && of instanceof Value.Text)) {
      throw new TemplateException("slice has too many positions");
    }
    int length =
        switch (of) {
          case Value.Text(var text) -> Utf8.length(text);
          case Value.Items(var items) -> items.size();
          default -> throw new TemplateException("slice of " + Operand.words(of));
        };
    int[] bounds = {0, length, length};
    for (int i = 1; i < operands.size(); i++) {
      bounds[i - 1] = position(operands.get(i), length);
    }
    if (bounds[0] > bounds[1] || bounds[1] > bounds[2]) {
      throw new TemplateException("slice has its positions in the wrong order");
    }
    if (of instanceof Value.Items(var items)) {
      budget.made(bounds[1] - bounds[0]);
      return new Value.Items(items.subList(bounds[0], bounds[1]));
    }
    String slice = Utf8.slice(((Value.Text) of).text(), bounds[0], bounds[1]);
    budget.made(slice.length());
    return new Value.Text(slice);
  }

  private Operand text(Function function) throws TemplateException {
    Writing out = budget.text();
    switch (function) {
      case PRINT -> Printer.print(operands, out);
      case PRINTLN -> Printer.println(operands, out);
      case PRINTF -> {
        if (!(operands.getFirst() instanceof Value.Text(var format))) {
          throw new TemplateException(
              "printf wants a format in quotes first, and has "
                  + Operand.words(operands.getFirst()));
        }
        Format.write(format, operands.subList(1, operands.size()), out);
      }
      case HTML -> Escapes.html(plain(), out);
      case JS -> Escapes.js(plain(), out);
      default -> Escapes.urlquery(plain(), out);
    }
    budget.made(out.bytes());
    return new Value.Text(out.toString());
  }

  /** The operands as {@code print} prints them, but null as an action does. */
  private String plain() throws TemplateException {
    if (operands.size() == 1 && operands.getFirst() instanceof Value.Text(var text)) {
      return text;
    }
    List<Operand> shown =
        operands.stream()
            .map(operand -> operand instanceof Value.Nil ? new Value.Text("<no value>") : operand)
            .toList();
    Writing text = budget.text();
    Printer.print(shown, text);
    budget.made(text.bytes());
    return text.toString();
  }
}
