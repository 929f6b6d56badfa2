package dev.moonboot.ignition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnitFileTest {
  private static final Optional<String> TOO_LONG = Optional.of("has a line longer than 2048 bytes");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not a unit",
        "# a comment\n[Unit]\nA=b\\\nc\\\n\n; another\\\n that goes on\n[Install]\nW=m",
        "[Unit]\r\nA=b\r\n",
        "[Unit] \t\u00a0\nÄ=ü€\n\u00a0",
        "[Unit]\nA=b\\",
        "[Unit]\n=x",
      })
  void is_fine(String text) {
    assertEquals(Optional.empty(), UnitFile.complaint(text));
  }

  @Test
  void is_not() {
    assertEquals(Optional.of("has a section without ']'"), UnitFile.complaint("[Unit\nA=b"));
    assertEquals(
        Optional.of("has text after the name of a section"), UnitFile.complaint("[Unit] x\n"));
    assertEquals(
        Optional.of("has a line without '=' in a section"), UnitFile.complaint("[Unit]\nfoo\nA=b"));
    assertEquals(
        Optional.of("ends within the name of an option"), UnitFile.complaint("[Unit]\nA=b\nfoo"));
  }

  @Test
  void lines_end_at_2048_bytes() {
    String value = "y".repeat(2045);
    assertEquals(Optional.empty(), UnitFile.complaint("[Unit]\nX=" + value + "\nA=b\n"));
    assertEquals(TOO_LONG, UnitFile.complaint("[Unit]\nX=" + value + "z\nA=b\n"));
    assertEquals(TOO_LONG, UnitFile.complaint("[Unit]\nX=" + "€".repeat(700) + "\n"));
  }

  @Test
  void a_long_line_passes_where_the_reader_has_too_little_of_it() {
    String before = "[Unit]\n" + "A=b\n".repeat(600);
    assertEquals(Optional.empty(), UnitFile.complaint(before + "X=" + "y".repeat(3000) + "\n"));
  }
}
