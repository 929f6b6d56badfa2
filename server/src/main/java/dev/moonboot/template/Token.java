package dev.moonboot.template;

import java.util.Map;

/**
 * A piece of a template.
 *
 * @param text as it stands there
 * @param offset of its first character in the template
 * @param spaced whether white space is before it
 */
record Token(Kind kind, String text, int offset, boolean spaced) {
  enum Kind {
    TEXT,
    OPEN,
    CLOSE,
    ASSIGN,
    DECLARE,
    PIPE,
    LEFT_PAREN,
    RIGHT_PAREN,
    QUOTED,
    CHARACTER,
    NUMBER,
    VARIABLE,
    FIELD,
    DOT,
    NIL,
    TRUE,
    FALSE,
    NAME,
    OTHER,
    BLOCK,
    BREAK,
    CONTINUE,
    DEFINE,
    ELSE,
    END,
    IF,
    RANGE,
    TEMPLATE,
    WITH,
    END_OF_TEXT
  }

  private static final Map<String, Kind> WORDS =
      Map.ofEntries(
          Map.entry("block", Kind.BLOCK),
          Map.entry("break", Kind.BREAK),
          Map.entry("continue", Kind.CONTINUE),
          Map.entry("define", Kind.DEFINE),
          Map.entry("else", Kind.ELSE),
          Map.entry("end", Kind.END),
          Map.entry("if", Kind.IF),
          Map.entry("range", Kind.RANGE),
          Map.entry("nil", Kind.NIL),
          Map.entry("template", Kind.TEMPLATE),
          Map.entry("with", Kind.WITH),
          Map.entry("true", Kind.TRUE),
          Map.entry("false", Kind.FALSE));

  static Kind kindOfWord(String word) {
    return WORDS.getOrDefault(word, Kind.NAME);
  }

  /** For messages. */
  String shown() {
    return switch (kind) {
      case END_OF_TEXT -> "the end of the file";
      case CLOSE -> "}}";
      case OPEN -> "{{";
      default -> Literal.shown(text);
    };
  }
}
