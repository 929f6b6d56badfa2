package dev.moonboot.template;

import java.util.ArrayList;
import java.util.List;

/** The variables of one template call: the newest of a name counts. */
final class Variables {
  private final List<String> names = new ArrayList<>();
  private final List<Operand> values = new ArrayList<>();

  Variables(Operand root) {
    add("$", root);
  }

  int size() {
    return names.size();
  }

  void add(String name, Operand value) {
    names.add(name);
    values.add(value);
  }

  /** Forgets those that came after there were {@code size}. */
  void cut(int size) {
    names.subList(size, names.size()).clear();
    values.subList(size, values.size()).clear();
  }

  Operand value(String name) throws TemplateException {
    return values.get(place(name));
  }

  void assign(String name, Operand value) throws TemplateException {
    values.set(place(name), value);
  }

  /** Gives the {@code n}-th last another value. */
  void assignLast(int n, Operand value) {
    values.set(values.size() - n, value);
  }

  private int place(String name) throws TemplateException {
    for (int i = names.size() - 1; i >= 0; i--) {
      if (names.get(i).equals(name)) {
        return i;
      }
    }
    throw new TemplateException("no variable has the name " + name + " here");
  }
}
