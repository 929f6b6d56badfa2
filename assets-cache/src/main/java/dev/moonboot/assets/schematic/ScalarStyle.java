package dev.moonboot.assets.schematic;

/** How go-yaml v4 writes a string: its own rules, and libyaml's of what can be written how. */
enum ScalarStyle {
  PLAIN {
    @Override
    String write(String text, int indent) {
      return text;
    }
  },
  SINGLE_QUOTED {
    @Override
    String write(String text, int indent) {
      return "'" + text.replace("'", "''") + "'";
    }
  },
  DOUBLE_QUOTED {
    @Override
    String write(String text, int indent) {
      StringBuilder quoted = new StringBuilder("\"");
      text.chars().forEach(c -> quoted.append(escaped((char) c)));
      return quoted.append('"').toString();
    }
  },
  LITERAL {
    @Override
    String write(String text, int indent) {
      StringBuilder block = new StringBuilder("|");
      block.append(text.endsWith("\n\n") ? "+" : text.endsWith("\n") ? "" : "-");
      block.append('\n');
      text.lines()
          .forEach(
              line -> block.append(line.isEmpty() ? "" : " ".repeat(indent) + line).append('\n'));
      return block.toString();
    }
  };

  /**
   * @param indent of the lines of a block, in blanks
   */
  abstract String write(String text, int indent);

  /** The style of {@code text}, which has no character that {@link SchematicReader} refuses. */
  static ScalarStyle of(String text) {
    Shape shape = Shape.of(text);
    ScalarStyle wanted = wanted(text);
    if (wanted == PLAIN && !shape.plain()) {
      wanted = SINGLE_QUOTED;
    }
    if (wanted == SINGLE_QUOTED && !shape.singleQuoted()) {
      return DOUBLE_QUOTED;
    }
    return wanted == LITERAL && !shape.block() ? DOUBLE_QUOTED : wanted;
  }

  /** What go-yaml would like, before it looks at single characters. */
  private static ScalarStyle wanted(String text) {
    if (text.indexOf('\n') >= 0) {
      return text.chars().allMatch(ScalarStyle::isBlank) ? DOUBLE_QUOTED : LITERAL;
    }
    if (PlainText.isQuotedForOldReaders(text)) {
      return SINGLE_QUOTED;
    }
    return PlainText.isText(text) ? PLAIN : DOUBLE_QUOTED;
  }

  private static boolean isBlank(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  private static String escaped(char c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case 0x07 -> "\\a";
      case '\b' -> "\\b";
      case '\t' -> "\\t";
      case '\n' -> "\\n";
      case 0x0b -> "\\v";
      case '\f' -> "\\f";
      case '\r' -> "\\r";
      case 0x1b -> "\\e";
      default -> c < ' ' || c == 0x7f ? "\\x%02X".formatted((int) c) : String.valueOf(c);
    };
  }

  /** Which styles can hold a text (libyaml, {@code yaml_emitter_analyze_scalar}). */
  private record Shape(boolean plain, boolean singleQuoted, boolean block) {
    static Shape of(String text) {
      if (text.isEmpty()) {
        return new Shape(true, true, false);
      }
      boolean blankBeforeBreak = text.contains(" \n") || text.contains(" \r");
      boolean blankAfterBreak = text.contains("\n ") || text.contains("\r ");
      boolean outer = isEdge(text.charAt(0)) || isEdge(text.charAt(text.length() - 1));
      boolean special = text.chars().anyMatch(c -> c != '\n' && c != '\t' && isControl((char) c));
      boolean tab = text.indexOf('\t') >= 0;
      boolean single = !blankAfterBreak && !blankBeforeBreak && !tab && !special;
      return new Shape(
          single && !outer && text.indexOf('\n') < 0 && !hasIndicator(text),
          single,
          !text.endsWith(" ") && !blankBeforeBreak && !special);
    }

    private static boolean isEdge(char c) {
      return c == ' ' || c == '\n' || c == '\r';
    }

    private static boolean isControl(char c) {
      return c < ' ' || c == 0x7f;
    }

    private static boolean hasIndicator(String text) {
      if (text.startsWith("---") || text.startsWith("...")) {
        return true;
      }
      char first = text.charAt(0);
      if ("#,[]{}&*!|>'\"%@`".indexOf(first) >= 0) {
        return true;
      }
      if ((first == '?' || first == '-') && blankOrEndAt(text, 1)) {
        return true;
      }
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == ':' && blankOrEndAt(text, i + 1)) {
          return true;
        }
        if (c == '#' && blankOrEndAt(text, i - 1)) {
          return true;
        }
      }
      return false;
    }

    private static boolean blankOrEndAt(String text, int at) {
      return at < 0 || at >= text.length() || " \t\n\r".indexOf(text.charAt(at)) >= 0;
    }
  }
}
