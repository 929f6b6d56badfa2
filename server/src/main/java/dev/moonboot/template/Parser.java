package dev.moonboot.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes nodes of a template's text. One parser reads one text. */
final class Parser {
  private static final int MAX_NESTING = 100;

  private final String text;
  private final Tokens tokens;
  private final Map<String, List<Node>> definitions = new HashMap<>();
  private Pipelines pipelines;
  private int ranges;
  private int nesting;
  private int offset;

  private Parser(String text) {
    this.text = text;
    tokens = new Tokens(text);
    pipelines = new Pipelines(tokens);
  }

  /** Every template of the text by its name; the text itself has the empty name. */
  static Map<String, List<Node>> parse(String text) throws TemplateException {
    Parser parser = new Parser(text);
    try {
      parser.root();
    } catch (TemplateException e) {
      throw e.at(text, parser.offset);
    }
    return Map.copyOf(parser.definitions);
  }

  private Token next() throws TemplateException {
    Token token = tokens.next();
    offset = token.offset();
    return token;
  }

  private void root() throws TemplateException {
    List<Node> nodes = new ArrayList<>();
    while (tokens.peek().kind() != Token.Kind.END_OF_TEXT) {
      Token token = next();
      if (token.kind() == Token.Kind.TEXT) {
        nodes.add(new Node.Chars(token.text()));
      } else if (tokens.peek().kind() == Token.Kind.DEFINE) {
        definition(next());
      } else {
        switch (action(next())) {
          case Step.Of(var node) -> nodes.add(node);
          case Step.End() -> throw new TemplateException("an {{end}} of nothing");
          case Step.Else _ -> throw new TemplateException("an {{else}} of nothing");
        }
      }
    }
    define("", nodes);
  }

  private void define(String name, List<Node> nodes) throws TemplateException {
    List<Node> other = definitions.get(name);
    if (other == null || Node.isBlank(other)) {
      definitions.put(name, List.copyOf(nodes));
    } else if (!Node.isBlank(nodes)) {
      throw new TemplateException("a second template " + Literal.shown(name));
    }
  }

  private void definition(Token define) throws TemplateException {
    String name = name(next(), "define");
    tokens.expect(Token.Kind.CLOSE, "define");
    body(name, define);
  }

  private static String name(Token token, String what) throws TemplateException {
    if (token.kind() != Token.Kind.QUOTED) {
      throw new Tokens.Unexpected(token).in(what + ": a name in quotes belongs here");
    }
    return Literal.text(token.text());
  }

  /** What stands between a define or block and its end, which has variables of its own. */
  private void body(String name, Token start) throws TemplateException {
    Pipelines outer = pipelines;
    int outerRanges = ranges;
    pipelines = new Pipelines(tokens);
    ranges = 0;
    Block block = block(start);
    if (!(block.end() instanceof Step.End)) {
      throw new TemplateException("an {{else}} in a " + start.text());
    }
    define(name, block.nodes());
    pipelines = outer;
    ranges = outerRanges;
  }

  /** What an action turns out to be. */
  private sealed interface Step {
    record Of(Node node) implements Step {}

    record End() implements Step {}

    record Else(boolean hasIf) implements Step {}
  }

  private record Block(List<Node> nodes, Step end) {}

  /** Up to and with the end or else. */
  private Block block(Token start) throws TemplateException {
    if (++nesting > MAX_NESTING) {
      throw new TemplateException("more than " + MAX_NESTING + " blocks in one another");
    }
    List<Node> nodes = new ArrayList<>();
    while (true) {
      Token token = next();
      if (token.kind() == Token.Kind.TEXT) {
        nodes.add(new Node.Chars(token.text()));
        continue;
      }
      if (token.kind() == Token.Kind.END_OF_TEXT) {
        throw new TemplateException("a {{" + start.text() + "}} without {{end}}")
            .at(text, start.offset());
      }
      Step step = action(next());
      if (!(step instanceof Step.Of(var node))) {
        nesting--;
        return new Block(List.copyOf(nodes), step);
      }
      nodes.add(node);
    }
  }

  private Step action(Token token) throws TemplateException {
    return switch (token.kind()) {
      case END -> {
        tokens.expect(Token.Kind.CLOSE, "end");
        yield new Step.End();
      }
      case ELSE -> {
        boolean hasIf = tokens.peek().kind() == Token.Kind.IF;
        if (!hasIf) {
          tokens.expect(Token.Kind.CLOSE, "else");
        }
        yield new Step.Else(hasIf);
      }
      case IF -> new Step.Of(conditional(token));
      case WITH -> new Step.Of(with(token));
      case RANGE -> new Step.Of(range(token));
      case BLOCK, TEMPLATE -> new Step.Of(call(token));
      case BREAK -> new Step.Of(jump(token, new Node.Break()));
      case CONTINUE -> new Step.Of(jump(token, new Node.Continue()));
      default -> {
        tokens.putBack(token);
        yield new Step.Of(new Node.Action(pipelines.parse("an action", Token.Kind.CLOSE)));
      }
    };
  }

  private Node jump(Token token, Node node) throws TemplateException {
    tokens.expect(Token.Kind.CLOSE, token.text());
    if (ranges == 0) {
      throw new TemplateException("a {{" + token.text() + "}} outside of a {{range}}");
    }
    return node;
  }

  private Node conditional(Token start) throws TemplateException {
    int variables = pipelines.variables();
    List<Node.Branch> branches = new ArrayList<>();
    List<Node> otherwise = List.of();
    Step end = new Step.Else(true);
    while (end instanceof Step.Else(var hasIf)) {
      if (!hasIf) {
        otherwise = otherwise(start);
        break;
      }
      Pipeline condition = pipelines.parse("if", Token.Kind.CLOSE);
      Block block = block(start);
      branches.add(new Node.Branch(condition, block.nodes()));
      end = block.end();
      if (end instanceof Step.Else(var another) && another) {
        tokens.next(); // the "if" behind "else"
      }
    }
    pipelines.forget(variables);
    return new Node.If(List.copyOf(branches), otherwise);
  }

  private List<Node> otherwise(Token start) throws TemplateException {
    Block block = block(start);
    if (block.end() instanceof Step.Else) {
      throw new TemplateException("a second {{else}}");
    }
    return block.nodes();
  }

  private Node with(Token start) throws TemplateException {
    int variables = pipelines.variables();
    Pipeline value = pipelines.parse("with", Token.Kind.CLOSE);
    Block block = block(start);
    List<Node> otherwise = otherwise(block.end(), start);
    pipelines.forget(variables);
    return new Node.With(value, block.nodes(), otherwise);
  }

  private Node range(Token start) throws TemplateException {
    int variables = pipelines.variables();
    Pipeline value = pipelines.parse("range", Token.Kind.CLOSE);
    ranges++;
    Block block = block(start);
    ranges--;
    List<Node> otherwise = otherwise(block.end(), start);
    pipelines.forget(variables);
    return new Node.Range(value, block.nodes(), otherwise);
  }

  private List<Node> otherwise(Step end, Token start) throws TemplateException {
    if (!(end instanceof Step.Else(var hasIf))) {
      return List.of();
    }
    if (hasIf) {
      throw new TemplateException("an {{else if}} of a " + start.text());
    }
    return otherwise(start);
  }

  private Node call(Token start) throws TemplateException {
    String name = name(next(), start.text());
    boolean isBlock = start.kind() == Token.Kind.BLOCK;
    @Nullable Pipeline argument = null;
    if (isBlock || tokens.peek().kind() != Token.Kind.CLOSE) {
      argument = pipelines.parse(start.text(), Token.Kind.CLOSE);
    } else {
      tokens.next();
    }
    if (isBlock) {
      body(name, start);
    }
    return new Node.Call(name, argument, start.offset());
  }
}
