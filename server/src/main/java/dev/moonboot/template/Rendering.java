package dev.moonboot.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One rendering of a template. */
final class Rendering {
  /** How a list of nodes ended. */
  private enum Flow {
    ON,
    BREAK,
    CONTINUE
  }

  private final String text;
  private final Map<String, List<Node>> definitions;
  private final Value data;
  private final @Nullable Outlet outlet;
  private final Budget budget;
  private final Writing out;
  private Evaluator evaluator;

  Rendering(Template template, Value data, Bounds bounds, @Nullable Outlet outlet) {
    text = template.text();
    definitions = template.definitions();
    this.data = data;
    this.outlet = outlet;
    budget = new Budget(bounds);
    out = budget.text();
    evaluator = new Evaluator(text, budget, data);
  }

  /** Renders. Once. */
  String text() throws TemplateException {
    walk(definitions.getOrDefault("", List.of()), data);
    return Utf8.mend(out.toString());
  }

  private Flow walk(List<Node> nodes, Operand dot) throws TemplateException {
    budget.enter();
    Flow flow = Flow.ON;
    for (int i = 0; i < nodes.size() && flow == Flow.ON; i++) {
      budget.step();
      flow = walk(nodes.get(i), dot);
    }
    budget.leave();
    return flow;
  }

  private Flow walk(Node node, Operand dot) throws TemplateException {
    return switch (node) {
      case Node.Chars(var chars) -> {
        out.append(chars);
        yield Flow.ON;
      }
      case Node.Action(var pipeline) -> {
        Operand value = evaluator.value(pipeline, dot);
        if (pipeline.variables().isEmpty()) {
          print(value, pipeline);
        }
        yield Flow.ON;
      }
      case Node.If choice -> choose(choice, dot);
      case Node.With with -> with(with, dot);
      case Node.Range range -> range(range, dot);
      case Node.Call call -> call(call, dot);
      case Node.Break() -> Flow.BREAK;
      case Node.Continue() -> Flow.CONTINUE;
    };
  }

  private void print(Operand value, Pipeline pipeline) throws TemplateException {
    if (outlet == null) {
      Printer.action(value, out);
      return;
    }
    Writing printed = budget.text();
    Printer.action(value, printed);
    try {
      out.append(outlet.fit(out.written(), Utf8.mend(printed.toString())));
    } catch (TemplateException e) {
      throw e.at(text, pipeline.offset());
    }
  }

  private Flow choose(Node.If choice, Operand dot) throws TemplateException {
    Variables variables = evaluator.variables();
    int before = variables.size();
    List<Node> chosen = choice.otherwise();
    for (Node.Branch branch : choice.branches()) {
      if (Operand.isTrue(evaluator.value(branch.condition(), dot))) {
        chosen = branch.body();
        break;
      }
    }
    Flow flow = walk(chosen, dot);
    variables.cut(before);
    return flow;
  }

  private Flow with(Node.With with, Operand dot) throws TemplateException {
    Variables variables = evaluator.variables();
    int before = variables.size();
    Operand value = evaluator.value(with.value(), dot);
    Flow flow = Operand.isTrue(value) ? walk(with.body(), value) : walk(with.otherwise(), dot);
    variables.cut(before);
    return flow;
  }

  private Flow range(Node.Range range, Operand dot) throws TemplateException {
    Variables variables = evaluator.variables();
    int before = variables.size();
    Operand value = evaluator.value(range.value(), dot);
    boolean some =
        switch (value) {
          case Value.Items(var items) -> items(range, items);
          case Value.Members(var members) -> members(range, members);
          case Value.Texts(var texts) -> texts(range, texts);
          case Value.Nil() -> false;
          default ->
              throw new TemplateException("a range cannot go over " + Operand.words(value))
                  .at(text, range.value().offset());
        };
    Flow flow = some ? Flow.ON : walk(range.otherwise(), dot);
    variables.cut(before);
    return flow;
  }

  private boolean items(Node.Range range, List<Value> items) throws TemplateException {
    for (int i = 0; i < items.size(); i++) {
      if (once(range, new Operand.Whole(i), items.get(i)) == Flow.BREAK) {
        break;
      }
    }
    return !items.isEmpty();
  }

  private boolean members(Node.Range range, Map<String, Value> members) throws TemplateException {
    for (Map.Entry<String, Value> member : members.entrySet()) {
      if (once(range, new Value.Text(member.getKey()), member.getValue()) == Flow.BREAK) {
        break;
      }
    }
    return !members.isEmpty();
  }

  private boolean texts(Node.Range range, Map<String, String> texts) throws TemplateException {
    for (Map.Entry<String, String> text : texts.entrySet()) {
      Value key = new Value.Text(text.getKey());
      if (once(range, key, new Value.Text(text.getValue())) == Flow.BREAK) {
        break;
      }
    }
    return !texts.isEmpty();
  }

  private Flow once(Node.Range range, Operand key, Value item) throws TemplateException {
    budget.step();
    Variables variables = evaluator.variables();
    List<String> names = range.value().variables();
    int count = names.size();
    if (range.value().assigns()) {
      if (count > 1) {
        variables.assign(names.get(0), key);
      }
      variables.assign(names.get(count - 1), item);
    } else if (count > 0) {
      variables.assignLast(1, item);
      if (count > 1) {
        variables.assignLast(2, key);
      }
    }
    int before = variables.size();
    Flow flow = walk(range.body(), item);
    variables.cut(before);
    return flow;
  }

  private Flow call(Node.Call call, Operand dot) throws TemplateException {
    List<Node> called = definitions.get(call.name());
    if (called == null) {
      throw new TemplateException("no template has the name " + Literal.shown(call.name()))
          .at(text, call.offset());
    }
    Operand argument =
        call.argument() == null ? Operand.NIL : evaluator.value(call.argument(), dot);
    Evaluator outer = evaluator;
    evaluator = new Evaluator(text, budget, argument);
    walk(called, argument);
    evaluator = outer;
    return Flow.ON;
  }
}
