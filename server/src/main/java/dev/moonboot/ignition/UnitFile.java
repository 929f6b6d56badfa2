package dev.moonboot.ignition;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The syntax of systemd unit files as go-systemd's {@code unit.Deserialize} reads it, which is more
 * lenient than systemd: text before the first section is passed over, and a line longer than 2048
 * bytes is seen only where that much of it is in the reader's buffer of 4096.
 */
final class UnitFile {
  private static final int LONGEST_LINE = 2048;
  private static final int BUFFER = 4096;
  private static final int END = -1;

  private static final Set<String> EXTENSIONS =
      Set.of(
          ".service",
          ".socket",
          ".device",
          ".mount",
          ".automount",
          ".swap",
          ".target",
          ".path",
          ".timer",
          ".snapshot",
          ".slice",
          ".scope");

  /** What is read next. */
  private enum Step {
    BEFORE_SECTIONS,
    COMMENT_BEFORE_SECTIONS,
    SECTION_NAME,
    AFTER_SECTION_NAME,
    IN_SECTION,
    COMMENT_IN_SECTION,
    OPTION_NAME,
    OPTION_VALUE,
    DONE
  }

  private final byte[] text;
  private int at;
  private int buffered;
  private int newline = END;
  private @Nullable String wrong;

  private UnitFile(byte[] text) {
    this.text = text;
  }

  /** True for a name that ends as one of a unit does. */
  static boolean isUnitName(String name) {
    return EXTENSIONS.contains(GoPath.extension(name));
  }

  /** What is wrong with the text of a unit, if something is. */
  static Optional<String> complaint(String contents) {
    UnitFile file = new UnitFile(contents.getBytes(StandardCharsets.UTF_8));
    Step step = Step.BEFORE_SECTIONS;
    while (step != Step.DONE) {
      step = file.isTooLong() ? file.failed("has a line longer than 2048 bytes") : file.take(step);
    }
    return Optional.ofNullable(file.wrong);
  }

  private Step take(Step step) {
    return switch (step) {
      case BEFORE_SECTIONS -> beforeSections();
      case COMMENT_BEFORE_SECTIONS -> comment(Step.BEFORE_SECTIONS);
      case SECTION_NAME -> sectionName();
      case AFTER_SECTION_NAME ->
          line().chars().allMatch(UnitFile::isSpace)
              ? Step.IN_SECTION
              : failed("has text after the name of a section");
      case IN_SECTION -> inSection();
      case COMMENT_IN_SECTION -> comment(Step.IN_SECTION);
      case OPTION_NAME -> optionName();
      case OPTION_VALUE -> line().endsWith("\\") ? Step.OPTION_VALUE : Step.IN_SECTION;
      case DONE -> Step.DONE;
    };
  }

  private Step failed(String why) {
    wrong = why;
    return Step.DONE;
  }

  private Step beforeSections() {
    return switch (next()) {
      case END -> Step.DONE;
      case '[' -> Step.SECTION_NAME;
      case '#', ';' -> Step.COMMENT_BEFORE_SECTIONS;
      default -> Step.BEFORE_SECTIONS;
    };
  }

  private Step sectionName() {
    return until(']') ? Step.AFTER_SECTION_NAME : failed("has a section without ']'");
  }

  private Step inSection() {
    int before = at;
    int c = next();
    return switch (c) {
      case END -> Step.DONE;
      case '[' -> Step.SECTION_NAME;
      case '#', ';' -> Step.COMMENT_IN_SECTION;
      default -> {
        if (isSpace(c)) {
          yield Step.IN_SECTION;
        }
        at = before;
        yield Step.OPTION_NAME;
      }
    };
  }

  private Step comment(Step then) {
    String line = line();
    while (line.endsWith("\\") || line.endsWith("\\ ")) {
      line = line();
    }
    return then;
  }

  private Step optionName() {
    while (true) {
      switch (next()) {
        case '=' -> {
          return Step.OPTION_VALUE;
        }
        case END -> {
          return failed("ends within the name of an option");
        }
        case '\n', '\r' -> {
          return failed("has a line without '=' in a section");
        }
        default -> {}
      }
    }
  }

  /** Unicode's White_Space. */
  private static boolean isSpace(int c) {
    return (c >= '\t' && c <= '\r') || c == 0x85 || Character.isSpaceChar(c);
  }

  private boolean isTooLong() {
    if (buffered - at < LONGEST_LINE) {
      return false;
    }
    if (newline < at) {
      newline = at;
      while (newline < text.length && text[newline] != '\n' && text[newline] != '\r') {
        newline++;
      }
    }
    return newline >= at + LONGEST_LINE;
  }

  private void fill() {
    buffered = Math.min(text.length, at + BUFFER);
  }

  /** The next character, or {@link #END}. */
  private int next() {
    if (at >= text.length) {
      return END;
    }
    int lead = text[at] & 0xff;
    int length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (at + length > buffered) {
      fill();
    }
    int c =
        length == 1 ? lead : new String(text, at, length, StandardCharsets.UTF_8).codePointAt(0);
    at += length;
    return c;
  }

  /** Reads up to that byte, or to the end; false when it is not there. */
  private boolean until(char wanted) {
    while (true) {
      for (int i = at; i < buffered; i++) {
        if (text[i] == wanted) {
          at = i + 1;
          return true;
        }
      }
      if (buffered == text.length) {
        at = buffered;
        return false;
      }
      if (buffered - at >= BUFFER) {
        at = buffered;
      }
      fill();
    }
  }

  /** The rest of the line, without its end. */
  private String line() {
    int from = at;
    int to = until('\n') ? at - 1 : at;
    return new String(text, from, to - from, StandardCharsets.UTF_8);
  }
}
