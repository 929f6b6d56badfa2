package dev.moonboot.template;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The functions that text/template has; matchbox adds none. */
enum Function {
  AND(1),
  OR(1),
  NOT(1, 1),
  EQ(1),
  NE(2, 2),
  LT(2, 2),
  LE(2, 2),
  GT(2, 2),
  GE(2, 2),
  LEN(1, 1),
  INDEX(1),
  SLICE(1),
  PRINT(0),
  PRINTF(1),
  PRINTLN(0),
  HTML(0),
  JS(0),
  URLQUERY(0),
  CALL(1);

  private static final Map<String, Function> NAMED =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(Function::toString, function -> function));

  private final int least;
  private final int most;

  Function(int least) {
    this(least, Integer.MAX_VALUE);
  }

  Function(int least, int most) {
    this.least = least;
    this.most = most;
  }

  static Optional<Function> named(String name) {
    return Optional.ofNullable(NAMED.get(name));
  }

  void requireCount(int arguments) throws TemplateException {
    if (arguments < least || arguments > most) {
      String wanted = least == most ? "" : "at least ";
      throw new TemplateException(
          this + " wants " + wanted + least + " arguments and has " + arguments);
    }
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
