package dev.moonboot.server;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A folder of HCL, and what can be said of any without Terraform. */
record TerraformFolder(Path path) {
  /** All files of HCL, without comments. */
  String code() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files
          .filter(file -> file.toString().endsWith(".tf"))
          .sorted()
          .map(TerraformFolder::read)
          .flatMap(String::lines)
          .map(line -> line.replaceFirst("(^|\\s)#.*$", ""))
          .collect(joining("\n"));
    }
  }

  /** A file of text. */
  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first group of every place where the pattern is found. */
  static Set<String> found(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(result -> result.group(1))
        .collect(toSet());
  }

  void assertEveryBracketIsClosed() throws IOException {
    String code = code().replaceAll("\"(\\\\.|[^\"\\\\\\n])*\"", "\"\"");
    Deque<Character> open = new ArrayDeque<>();
    for (int i = 0; i < code.length(); i++) {
      char c = code.charAt(i);
      if ("{[(".indexOf(c) >= 0) {
        open.push("}])".charAt("{[(".indexOf(c)));
      } else if ("}])".indexOf(c) >= 0) {
        assertEquals(open.poll(), c);
      }
    }
    assertTrue(open.isEmpty(), "not closed: " + open);
    assertEquals(0, code.chars().filter(c -> c == '"').count() % 2);
  }

  void assertEveryVariableIsDescribedAndUsedAndEveryUsedOneIsThere() throws IOException {
    String code = code();
    Set<String> declared = found("variable \"(\\w+)\"", code);
    assertEquals(declared, found("\\bvar\\.(\\w+)", code));
    assertEquals(
        declared, found("variable \"(\\w+)\" \\{\\n\\s*description\\s*= \"[^\"]+\"", code));
  }
}
