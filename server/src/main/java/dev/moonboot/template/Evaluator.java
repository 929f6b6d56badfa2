package dev.moonboot.template;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calculates what stands inside of actions. One for every call of a template. */
final class Evaluator {
  private final String text;
  private final Budget budget;
  private final Variables variables;

  Evaluator(String text, Budget budget, Operand root) {
    this.text = text;
    this.budget = budget;
    variables = new Variables(root);
  }

  Variables variables() {
    return variables;
  }

  Operand value(Pipeline pipeline, Operand dot) throws TemplateException {
    budget.enter();
    Operand value = null;
    for (Pipeline.Command command : pipeline.commands()) {
      value = command(command, dot, value);
    }
    if (value == null) {
      throw new IllegalStateException("a pipeline without commands");
    }
    for (String name : pipeline.variables()) {
      if (pipeline.assigns()) {
        variables.assign(name, value);
      } else {
        variables.add(name, value);
      }
    }
    budget.leave();
    return value;
  }

  private Operand command(Pipeline.Command command, Operand dot, @Nullable Operand last)
      throws TemplateException {
    budget.step();
    Term first = command.first();
    try {
      if (first instanceof Term.Name(var function, var _)) {
        return call(function, command.arguments(), dot, last);
      }
      if (first instanceof Term.Nil) {
        throw new TemplateException("nil is no value that can be printed or passed on");
      }
      Operand value = term(first, dot);
      if (last != null || !command.arguments().isEmpty()) {
        throw new TemplateException("an argument for what is no function");
      }
      return value;
    } catch (TemplateException e) {
      throw e.at(text, first.offset());
    }
  }

  /** A term that is not called with arguments. */
  private Operand term(Term term, Operand dot) throws TemplateException {
    return switch (term) {
      case Term.Constant(var value, var _) -> value;
      case Term.TooLarge(var number, var _) ->
          throw new TemplateException(number + " is too large for a whole number");
      case Term.Nil(var _) -> Operand.NIL;
      case Term.Dot(var _) -> dot;
      case Term.Field(var names, var _) -> members(dot, names);
      case Term.Variable(var name, var names, var _) -> members(variables.value(name), names);
      case Term.Name(var function, var _) -> call(function, List.of(), dot, null);
      case Term.Parenthesis(var pipeline, var _) -> value(pipeline, dot);
      case Term.Member(var of, var names, var _) -> members(term(of, dot), names);
    };
  }

  private static Operand members(Operand from, List<String> names) throws TemplateException {
    Operand value = from;
    for (String name : names) {
      value = member(value, name);
    }
    return value;
  }

  private static Operand member(Operand from, String name) throws TemplateException {
    @Nullable Operand value =
        switch (from) {
          case Value.Members(var members) -> members.get(name);
          case Value.Texts(var texts) ->
              texts.containsKey(name) ? new Value.Text(texts.get(name)) : null;
          default ->
              throw new TemplateException(
                  "no ." + name + " in " + Operand.words(from) + ", which has no members");
        };
    if (value == null) {
      throw new TemplateException(
          "no ." + name + " here; {{if index . \"" + name + "\"}} asks for what may be missing");
    }
    return value;
  }

  private Operand call(Function function, List<Term> terms, Operand dot, @Nullable Operand last)
      throws TemplateException {
    function.requireCount(terms.size() + (last == null ? 0 : 1));
    if (function == Function.AND || function == Function.OR) {
      return decide(function == Function.OR, terms, dot, last);
    }
    List<Operand> operands = new ArrayList<>(terms.size() + 1);
    for (Term term : terms) {
      operands.add(term(term, dot));
    }
    if (last != null) {
      operands.add(last);
    }
    return Functions.call(function, operands, budget);
  }

  /** The operand that decides; those after it are not looked at. */
  private Operand decide(boolean on, List<Term> terms, Operand dot, @Nullable Operand last)
      throws TemplateException {
    Operand value = Operand.NIL;
    for (Term term : terms) {
      value = term(term, dot);
      if (Operand.isTrue(value) == on) {
        return value;
      }
    }
    return last == null ? value : last;
  }
}
