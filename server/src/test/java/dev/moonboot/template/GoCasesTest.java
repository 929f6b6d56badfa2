package dev.moonboot.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.template.GoCases.GoCase;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Templates against what Go's own text/template made of them. */
class GoCasesTest {
  /** One template with both results, for a message that says all. */
  private record Difference(String template, String go, String ours) {
    static Difference of(GoCase one) {
      return new Difference(
          one.template(), one.gives().orElse("an error"), one.ours().orElse("an error"));
    }
  }

  @Test
  void a_template_gives_what_go_gives_and_fails_where_go_fails() {
    List<Difference> different =
        GoCases.recorded().stream()
            .filter(one -> !one.ours().equals(one.gives()))
            .map(Difference::of)
            .toList();
    assertEquals(List.of(), different);
  }

  @Test
  void the_cases_are_there() {
    List<GoCase> cases = GoCases.recorded();
    long given = cases.stream().filter(one -> one.gives().isPresent()).count();
    assertTrue(given > 1000, "that give something: " + given);
    assertTrue(cases.size() - given > 700, "that fail: " + (cases.size() - given));
  }
}
