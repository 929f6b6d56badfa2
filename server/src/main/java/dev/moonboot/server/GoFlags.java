package dev.moonboot.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A command line read as Go's package flag reads it: {@code -name=value}, {@code -name value} or
 * {@code --name}; a flag that is true or false takes its value only after {@code =}; the first word
 * that is no flag ends them. Picocli cannot: to it {@code -address} is a heap of one-letter
 * options.
 */
final class GoFlags {
  private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
  private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");

  /**
   * One flag.
   *
   * @param truth whether it is true or false, and no text
   * @param usage what it decides
   */
  record Flag(String name, boolean truth, String fallback, String usage) {
    /** As the usage text shows it. */
    String describe() {
      String shown = truth || fallback.isEmpty() ? "" : " (default \"" + fallback + "\")";
      return "  -" + name + (truth ? "" : " string") + "\n    \t" + usage + shown + "\n";
    }
  }

  /** What became of a command line. */
  sealed interface Outcome {
    /**
     * It can be used.
     *
     * @param values what was given, by name
     */
    record Values(Map<String, String> values) implements Outcome {}

    /** It asks for help by a flag that nobody defined: {@code -h}. */
    record Help() implements Outcome {}

    /** It cannot be used. */
    record Wrong(String why) implements Outcome {}
  }

  private final Map<String, Flag> known = new LinkedHashMap<>();

  GoFlags(List<Flag> flags) {
    flags.forEach(flag -> known.put(flag.name(), flag));
  }

  /** Whether {@code word} is one of these flags, with or without a value. */
  boolean isFlag(String word) {
    return name(word)
        .map(name -> name.replaceFirst("=.*", ""))
        .filter(known::containsKey)
        .isPresent();
  }

  /** The word without its hyphens; empty where it is no flag at all. */
  private static Optional<String> name(String word) {
    if (word.length() < 2 || word.charAt(0) != '-' || word.equals("--")) {
      return Optional.empty();
    }
    return Optional.of(word.substring(word.charAt(1) == '-' ? 2 : 1));
  }

  Outcome parse(List<String> words) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < words.size(); i++) {
      Optional<String> given = name(words.get(i));
      if (given.isEmpty()) {
        break;
      }
      String text = given.get();
      if (text.isEmpty() || text.charAt(0) == '-' || text.charAt(0) == '=') {
        return new Outcome.Wrong("bad flag syntax: " + words.get(i));
      }
      int equals = text.indexOf('=');
      String name = equals < 0 ? text : text.substring(0, equals);
      Flag flag = known.get(name);
      if (flag == null) {
        return name.equals("h") || name.equals("help")
            ? new Outcome.Help()
            : new Outcome.Wrong("flag provided but not defined: -" + name);
      }
      String value = equals < 0 ? "" : text.substring(equals + 1);
      if (equals < 0 && flag.truth()) {
        value = "true";
      } else if (equals < 0) {
        i++;
        if (i == words.size()) {
          return new Outcome.Wrong("flag needs an argument: -" + name);
        }
        value = words.get(i);
      }
      if (flag.truth() && truth(value).isEmpty()) {
        return new Outcome.Wrong(
            "invalid boolean value \"" + value + "\" for -" + name + ": parse error");
      }
      values.put(name, value);
    }
    return new Outcome.Values(values);
  }

  /** What a text means for a flag that is true or false; empty where it means neither. */
  static Optional<Boolean> truth(String text) {
    return TRUE.contains(text)
        ? Optional.of(true)
        : FALSE.contains(text) ? Optional.of(false) : Optional.empty();
  }
}
