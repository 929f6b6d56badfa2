package dev.moonboot.template;

import java.util.ArrayDeque;
import java.util.Deque;

/** The tokens of a template, with places to put some back. */
final class Tokens {
  private final Lexer lexer;
  private final Deque<Token> back = new ArrayDeque<>();

  Tokens(String text) {
    lexer = new Lexer(text);
  }

  Token next() throws TemplateException {
    return back.isEmpty() ? lexer.next() : back.pop();
  }

  Token peek() throws TemplateException {
    if (back.isEmpty()) {
      back.push(lexer.next());
    }
    return back.element();
  }

  void putBack(Token token) {
    back.push(token);
  }

  Token expect(Token.Kind kind, String what) throws TemplateException {
    Token token = next();
    if (token.kind() != kind) {
      throw new Unexpected(token).in(what);
    }
    return token;
  }

  /** A token that does not fit. */
  record Unexpected(Token token) {
    TemplateException in(String what) {
      String hint = token.kind() == Token.Kind.END_OF_TEXT ? "; an {{end}} is missing" : "";
      return new TemplateException("unexpected " + token.shown() + " in " + what + hint);
    }
  }
}
