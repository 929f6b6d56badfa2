package dev.moonboot.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.cli.Printer.Column;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrinterTest {
  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);
  private static final Json.Obj ROWS =
      (Json.Obj)
          JsonText.parse(
              """
              {"rows": [
               {"name": "a", "release": "%s", "size": 1536, "inner": {"x": true}, "list": ["p", "q"]},
               {"name": "b\\u001b[31m\\tx", "release": null, "size": 7, "list": []}]}
              """
                  .formatted(DIGEST));
  private static final Column[] COLUMNS = {
    new Column("NAME", "name"),
    new Column("RELEASE", "release"),
    new Column("SIZE", "size"),
    new Column("X", "inner.x"),
    new Column("LIST", "list")
  };

  private final StringWriter out = new StringWriter();

  private Printer printer(boolean terminal) {
    return new Printer(new PrintWriter(out), terminal);
  }

  private static List<Json> rows() {
    return ROWS.array("rows").orElseThrow();
  }

  @Test
  void a_terminal_gets_columns_with_a_head() {
    printer(true).rows(rows(), "none", COLUMNS);
    assertEquals(
        """
        NAME      RELEASE              SIZE     X    LIST
        a         sha256:0123456789ab  1.5 KiB  yes  p, q
        b?[31m?x  -                    7 B      -    -
        """,
        out.toString());
  }

  @Test
  void a_program_gets_tabs_between_exact_values_and_no_head() {
    printer(false).rows(rows(), "none", COLUMNS);
    assertEquals("a\t" + DIGEST + "\t1536\tyes\tp,q\nb?[31m?x\t\t7\t\t\n", out.toString());
  }

  @Test
  void nothing_is_said_in_words_on_a_terminal_only() {
    printer(false).rows(List.of(), "none", COLUMNS);
    assertEquals("", out.toString());
    printer(true).rows(List.of(), "none", COLUMNS);
    assertEquals("none\n", out.toString());
  }

  @Test
  void one_thing_is_told_name_by_name() {
    printer(false).details((Json.Obj) rows().getFirst());
    assertEquals(
        "name\ta\nrelease\t%s\nsize\t1536\ninner.x\tyes\nlist\tp,q\n".formatted(DIGEST),
        out.toString());
    out.getBuffer().setLength(0);
    printer(true).details(ROWS);
    assertEquals(
        """
        rows.0.name     a
        rows.0.release  %s
        rows.0.size     1.5 KiB
        rows.0.inner.x  yes
        rows.0.list     p, q
        rows.1.name     b?[31m?x
        rows.1.release  -
        rows.1.size     7 B
        rows.1.list     -
        """
            .formatted(DIGEST),
        out.toString());
  }
}
