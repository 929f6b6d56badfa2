package dev.moonboot.template;

/** Cuts a template into tokens, one at a time. */
final class Lexer {
  private static final String OPEN = "{{";
  private static final String CLOSE = "}}";
  private static final String COMMENT_START = "/*";
  private static final String COMMENT_END = "*/";
  private static final int TRIM = 2; // the marker, and the space that it needs
  private static final int MAX_TOKENS = 400_000;

  private final String in;
  private int at;
  private int start;
  private int parens;
  private int tokens;
  private boolean inAction;

  Lexer(String text) {
    in = text;
  }

  Token next() throws TemplateException {
    if (++tokens > MAX_TOKENS) {
      throw fault("more than " + MAX_TOKENS + " words and signs", at);
    }
    return inAction ? action() : text();
  }

  private Token text() throws TemplateException {
    while (true) {
      start = at;
      int open = in.indexOf(OPEN, at);
      if (open < 0) {
        at = in.length();
        return start == at ? token(Token.Kind.END_OF_TEXT, false) : token(Token.Kind.TEXT, false);
      }
      boolean trims = trimsLeft(open + OPEN.length());
      int end = open;
      while (trims && end > start && isSpace(in.charAt(end - 1))) {
        end--;
      }
      if (end > start) {
        at = open;
        return new Token(Token.Kind.TEXT, in.substring(start, end), start, false);
      }
      start = open;
      at = open + OPEN.length() + (trims ? TRIM : 0);
      if (!in.startsWith(COMMENT_START, at)) {
        inAction = true;
        parens = 0;
        return new Token(Token.Kind.OPEN, OPEN, open, false);
      }
      comment();
    }
  }

  private void comment() throws TemplateException {
    int end = in.indexOf(COMMENT_END, at + COMMENT_START.length());
    if (end < 0) {
      throw fault("a comment is never closed", start);
    }
    at = end + COMMENT_END.length();
    if (!closes(at)) {
      throw fault("a comment must be followed by }} at once", start);
    }
    close();
  }

  private boolean trimsLeft(int offset) {
    return offset + 1 < in.length() && in.charAt(offset) == '-' && isSpace(in.charAt(offset + 1));
  }

  /** Whether {@code }}} stands here, or {@code -}}} after one space. */
  private boolean closes(int offset) {
    return in.startsWith(CLOSE, offset) || trimsRight(offset);
  }

  private boolean trimsRight(int offset) {
    return offset < in.length()
        && isSpace(in.charAt(offset))
        && in.startsWith("-" + CLOSE, offset + 1);
  }

  private void close() {
    boolean trims = trimsRight(at);
    at += (trims ? TRIM : 0) + CLOSE.length();
    while (trims && at < in.length() && isSpace(in.charAt(at))) {
      at++;
    }
    inAction = false;
  }

  private Token action() throws TemplateException {
    boolean spaced = false;
    while (at < in.length() && isSpace(in.charAt(at)) && !trimsRight(at)) {
      at++;
      spaced = true;
    }
    start = at;
    if (closes(at)) {
      if (parens > 0) {
        throw fault("a ( is never closed", start);
      }
      close();
      return new Token(Token.Kind.CLOSE, CLOSE, start, spaced);
    }
    if (at >= in.length()) {
      throw fault("an action is never closed: }} is missing", Math.max(0, in.lastIndexOf(OPEN)));
    }
    return switch (in.charAt(at)) {
      case '=' -> single(Token.Kind.ASSIGN, spaced);
      case '|' -> single(Token.Kind.PIPE, spaced);
      case ':' -> declaration(spaced);
      case '(' -> {
        parens++;
        yield single(Token.Kind.LEFT_PAREN, spaced);
      }
      case ')' -> {
        if (--parens < 0) {
          throw fault("a ) without (", start);
        }
        yield single(Token.Kind.RIGHT_PAREN, spaced);
      }
      case '"' -> quoted('"', Token.Kind.QUOTED, spaced);
      case '\'' -> quoted('\'', Token.Kind.CHARACTER, spaced);
      case '`' -> raw(spaced);
      case '$' -> word(Token.Kind.VARIABLE, 1, spaced);
      case '.' -> isDigitAt(at + 1) ? number(spaced) : field(spaced);
      case '+', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number(spaced);
      default -> nameOrOther(spaced);
    };
  }

  private Token single(Token.Kind kind, boolean spaced) {
    at++;
    return token(kind, spaced);
  }

  private Token declaration(boolean spaced) throws TemplateException {
    if (!in.startsWith(":=", at)) {
      throw fault("a : without =", start);
    }
    at += 2;
    return token(Token.Kind.DECLARE, spaced);
  }

  private Token field(boolean spaced) throws TemplateException {
    at++;
    if (atTerminator()) {
      return token(Token.Kind.DOT, spaced);
    }
    at--;
    return word(Token.Kind.FIELD, 1, spaced);
  }

  private Token nameOrOther(boolean spaced) throws TemplateException {
    int c = in.codePointAt(at);
    if (isWordPart(c)) {
      Token word = word(Token.Kind.NAME, 0, spaced);
      return new Token(Token.kindOfWord(word.text()), word.text(), word.offset(), spaced);
    }
    if (c > ' ' && c < 0x7F) {
      return single(Token.Kind.OTHER, spaced);
    }
    throw fault("a character that means nothing here: U+%04X".formatted(c), start);
  }

  private Token word(Token.Kind kind, int prefix, boolean spaced) throws TemplateException {
    at += prefix;
    while (at < in.length() && isWordPart(in.codePointAt(at))) {
      at += Character.charCount(in.codePointAt(at));
    }
    if (!atTerminator()) {
      throw fault("a name with " + Literal.shown(Character.toString(in.codePointAt(at))), at);
    }
    return token(kind, spaced);
  }

  private boolean atTerminator() {
    return at >= in.length()
        || isSpace(in.charAt(at))
        || ".,|:)(".indexOf(in.charAt(at)) >= 0
        || in.startsWith(CLOSE, at);
  }

  private Token quoted(char quote, Token.Kind kind, boolean spaced) throws TemplateException {
    for (at++; at < in.length() && in.charAt(at) != '\n'; at++) {
      char c = in.charAt(at);
      if (c == quote) {
        at++;
        return token(kind, spaced);
      }
      if (c == '\\' && ++at < in.length() && in.charAt(at) == '\n') {
        break;
      }
    }
    throw fault("a quote is never closed", start);
  }

  private Token raw(boolean spaced) throws TemplateException {
    int end = in.indexOf('`', at + 1);
    if (end < 0) {
      throw fault("a ` is never closed", start);
    }
    at = end + 1;
    return token(Token.Kind.QUOTED, spaced);
  }

  /** What could be a number, up to its end; {@link Literal} looks whether it is one. */
  private Token number(boolean spaced) throws TemplateException {
    skipOne("+-");
    String digits = "0123456789_";
    if (skipOne("0")) {
      digits =
          skipOne("xX")
              ? "0123456789abcdefABCDEF_"
              : skipOne("oO") ? "01234567_" : skipOne("bB") ? "01_" : digits;
    }
    skipAll(digits);
    if (skipOne(".")) {
      skipAll(digits);
    }
    if ((digits.length() == 11 && skipOne("eE")) || (digits.length() > 11 && skipOne("pP"))) {
      skipOne("+-");
      skipAll("0123456789_");
    }
    boolean imaginary = skipOne("i");
    boolean wordFollows = at < in.length() && isWordPart(in.codePointAt(at));
    if (wordFollows || imaginary || (at < in.length() && "+-".indexOf(in.charAt(at)) >= 0)) {
      throw fault(
          "no number: " + Literal.shown(in.substring(start, Math.min(at + 1, in.length()))), start);
    }
    return token(Token.Kind.NUMBER, spaced);
  }

  private boolean skipOne(String any) {
    boolean there = at < in.length() && any.indexOf(in.charAt(at)) >= 0;
    at += there ? 1 : 0;
    return there;
  }

  private void skipAll(String any) {
    while (skipOne(any)) {
      // onwards
    }
  }

  private boolean isDigitAt(int offset) {
    return offset >= in.length() || (in.charAt(offset) >= '0' && in.charAt(offset) <= '9');
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  private static boolean isWordPart(int c) {
    return c == '_' || Character.isLetter(c) || Character.isDigit(c);
  }

  private Token token(Token.Kind kind, boolean spaced) {
    return new Token(kind, in.substring(start, at), start, spaced);
  }

  private TemplateException fault(String why, int offset) {
    return new TemplateException(why).at(in, offset);
  }
}
