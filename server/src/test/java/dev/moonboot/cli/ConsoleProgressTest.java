package dev.moonboot.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {
  private final StringWriter text = new StringWriter();

  private ConsoleProgress progress(boolean terminal) {
    return new ConsoleProgress(new PrintWriter(text), terminal, "");
  }

  @Test
  void writes_plain_lines_now_and_then_where_there_is_no_terminal() {
    ConsoleProgress progress = progress(false);
    progress.step("pull", "layer 2 of 2");
    for (int done = 0; done <= 4096; done += 64) {
      progress.bytes(done, 4096);
    }
    progress.clear();
    assertEquals(
        """
        pull     layer 2 of 2
                  25 %  1.0 KiB of 4.0 KiB
                  50 %  2.0 KiB of 4.0 KiB
                  75 %  3.0 KiB of 4.0 KiB
                 100 %  4.0 KiB of 4.0 KiB
        """,
        text.toString());
  }

  @Test
  void draws_a_bar_on_a_terminal_and_takes_it_away_again() {
    ConsoleProgress progress = progress(true);
    progress.bytes(2048, 4096);
    progress.clear();
    String drawn = text.toString();
    assertTrue(
        drawn.startsWith(
            "\r\033[K\033[?7l         [###############---------------]  50 %  2.0 KiB of 4.0 KiB, "),
        drawn);
    assertTrue(drawn.contains("/s\033[?7h\r"), "a narrow terminal wraps again behind it");
    assertTrue(drawn.endsWith("\r\033[K"), drawn);
  }
}
