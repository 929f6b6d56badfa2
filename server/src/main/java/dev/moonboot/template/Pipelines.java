package dev.moonboot.template;

import java.util.ArrayList;
import java.util.List;

/** Reads what stands inside of actions, and knows the variables that are seen there. */
final class Pipelines {
  private static final int MAX_NESTING = 100;
  private static final int MAX_VARIABLES = 1000;

  private final Tokens tokens;
  private final List<String> variables = new ArrayList<>(List.of("$"));
  private int nesting;

  Pipelines(Tokens tokens) {
    this.tokens = tokens;
  }

  /** How many variables are seen now. */
  int variables() {
    return variables.size();
  }

  /** Forgets those that came after there were {@code count}. */
  void forget(int count) {
    variables.subList(count, variables.size()).clear();
  }

  /**
   * Reads one.
   *
   * @param what it belongs to
   * @param end what comes behind it, and is read too
   */
  Pipeline parse(String what, Token.Kind end) throws TemplateException {
    int offset = tokens.peek().offset();
    if (++nesting > MAX_NESTING) {
      throw new TemplateException("more than " + MAX_NESTING + " parentheses in one another");
    }
    List<String> declared = new ArrayList<>();
    boolean assigns = declarations(what, declared);
    List<Pipeline.Command> commands = new ArrayList<>();
    while (tokens.peek().kind() != end) {
      commands.add(command(what));
    }
    tokens.next();
    nesting--;
    if (commands.isEmpty()) {
      throw new TemplateException("a value is missing in " + what);
    }
    if (commands.stream().skip(1).anyMatch(command -> command.first().isPlain())) {
      throw new TemplateException("a | before what takes no argument in " + what);
    }
    return new Pipeline(List.copyOf(declared), assigns, List.copyOf(commands), offset);
  }

  /** Reads variables that get the value; returns whether they are assigned to. */
  private boolean declarations(String what, List<String> declared) throws TemplateException {
    while (tokens.peek().kind() == Token.Kind.VARIABLE) {
      Token variable = tokens.next();
      Token next = tokens.peek();
      boolean isLast = next.kind() == Token.Kind.ASSIGN || next.kind() == Token.Kind.DECLARE;
      if (!isLast && !next.text().equals(",")) {
        tokens.putBack(variable);
        return false;
      }
      tokens.next();
      declared.add(variable.text());
      variables.add(variable.text());
      if (variables.size() > MAX_VARIABLES) {
        throw new TemplateException("more than " + MAX_VARIABLES + " variables");
      }
      if (isLast) {
        return next.kind() == Token.Kind.ASSIGN;
      }
      if (!what.equals("range") || declared.size() > 1) {
        throw new TemplateException("too many variables in " + what);
      }
      if (tokens.peek().kind() != Token.Kind.VARIABLE) {
        throw new TemplateException("a range can fill nothing but variables");
      }
    }
    return false;
  }

  private Pipeline.Command command(String what) throws TemplateException {
    if (!startsTerm(tokens.peek().kind())) {
      throw new Tokens.Unexpected(tokens.peek()).in(what);
    }
    Term first = operand();
    List<Term> arguments = new ArrayList<>();
    while (true) {
      Token token = tokens.peek();
      if (token.kind() == Token.Kind.PIPE) {
        tokens.next();
        break;
      }
      if (token.kind() == Token.Kind.CLOSE || token.kind() == Token.Kind.RIGHT_PAREN) {
        break;
      }
      if (!token.spaced() || !startsTerm(token.kind())) {
        throw new Tokens.Unexpected(token).in(what);
      }
      arguments.add(operand());
    }
    return new Pipeline.Command(first, List.copyOf(arguments));
  }

  private static boolean startsTerm(Token.Kind kind) {
    return switch (kind) {
      case TRUE, FALSE, CHARACTER, DOT, FIELD, NAME, NUMBER, NIL, QUOTED, VARIABLE, LEFT_PAREN ->
          true;
      default -> false;
    };
  }

  /** A term and the members taken of it. */
  private Term operand() throws TemplateException {
    Token start = tokens.next();
    Term term = term(start);
    List<String> names = new ArrayList<>();
    while (tokens.peek().kind() == Token.Kind.FIELD && !tokens.peek().spaced()) {
      names.add(tokens.next().text().substring(1));
    }
    if (names.isEmpty()) {
      return term;
    }
    return switch (term) {
      case Term.Field(var before, var offset) -> new Term.Field(joined(before, names), offset);
      case Term.Variable(var name, var before, var offset) ->
          new Term.Variable(name, joined(before, names), offset);
      case Term.Name _, Term.Parenthesis _, Term.Member _ ->
          new Term.Member(term, List.copyOf(names), start.offset());
      case Term.Constant _, Term.TooLarge _, Term.Nil _, Term.Dot _ ->
          throw new TemplateException("a member of " + start.shown() + ", which has none");
    };
  }

  private static List<String> joined(List<String> a, List<String> b) {
    List<String> all = new ArrayList<>(a);
    all.addAll(b);
    return List.copyOf(all);
  }

  private Term term(Token token) throws TemplateException {
    int offset = token.offset();
    return switch (token.kind()) {
      case NAME ->
          new Term.Name(
              Function.named(token.text())
                  .orElseThrow(
                      () -> new TemplateException("no function has the name " + token.shown())),
              offset);
      case DOT -> new Term.Dot(offset);
      case NIL -> new Term.Nil(offset);
      case VARIABLE -> {
        if (!variables.contains(token.text())) {
          throw new TemplateException("no variable has the name " + token.shown());
        }
        yield new Term.Variable(token.text(), List.of(), offset);
      }
      case FIELD -> new Term.Field(List.of(token.text().substring(1)), offset);
      case TRUE -> new Term.Constant(new Value.Flag(true), offset);
      case FALSE -> new Term.Constant(new Value.Flag(false), offset);
      case NUMBER -> Literal.number(token.text(), offset);
      case CHARACTER -> Literal.character(token.text(), offset);
      case QUOTED -> new Term.Constant(new Value.Text(Literal.text(token.text())), offset);
      default -> new Term.Parenthesis(parse("a parenthesis", Token.Kind.RIGHT_PAREN), offset);
    };
  }
}
