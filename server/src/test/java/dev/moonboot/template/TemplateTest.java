package dev.moonboot.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What Go has no say in: messages and bounds. */
class TemplateTest {
  private static final Bounds PATIENT = new Bounds(256 << 10, Duration.ofMinutes(1));

  /** Without the place. */
  private static String why(String template) {
    return why(template, PATIENT);
  }

  private static String why(String template, Bounds bounds) {
    return fault(template, bounds).replaceFirst("^line [0-9]+, column [0-9]+: ", "");
  }

  private static String fault(String template) {
    return fault(template, PATIENT);
  }

  private static String fault(String template, Bounds bounds) {
    Map<String, Value> data =
        Map.of(
            "n", new Value.Num(3),
            "s", new Value.Text("text"),
            "z", new Value.Nil(),
            "l", new Value.Items(Collections.nCopies(1000, new Value.Text("a"))));
    return String.valueOf(
        assertThrows(
                TemplateException.class,
                () -> Template.parse(template).render(new Value.Members(data), bounds))
            .getMessage());
  }

  @Test
  void a_fault_says_where_and_what() {
    Map<String, String> faults =
        Map.ofEntries(
            Map.entry(
                "a\n  {{.nope}}",
                "line 2, column 5: no .nope here; {{if index . \"nope\"}} asks for what may be"
                    + " missing"),
            Map.entry("{{.s.x}}", "line 1, column 3: no .x in a text, which has no members"),
            Map.entry("{{.z.x}}", "line 1, column 3: no .x in null, which has no members"),
            Map.entry(
                "{{eq .n 3}}",
                "line 1, column 3: cannot compare a number (numbers of JSON have fractions) with a"
                    + " whole number; write the constant as 3.0"),
            Map.entry("é\n\n{{if .s}}x", "line 3, column 3: a {{if}} without {{end}}"),
            Map.entry("{{end}}", "line 1, column 3: an {{end}} of nothing"),
            Map.entry("{{ nofn .s }}", "line 1, column 4: no function has the name \"nofn\""),
            Map.entry("{{$x}}", "line 1, column 3: no variable has the name \"$x\""),
            Map.entry("a {{ .s", "line 1, column 3: an action is never closed: }} is missing"),
            Map.entry("{{range .s}}{{end}}", "line 1, column 9: a range cannot go over a text"),
            Map.entry("{{template \"t\"}}", "line 1, column 3: no template has the name \"t\""),
            Map.entry("{{len 1 2}}", "line 1, column 3: len wants 1 arguments and has 2"),
            Map.entry("{{index .l 1000}}", "line 1, column 3: position 1000 is out of range"));
    faults.forEach((template, message) -> assertEquals(message, fault(template), template));
  }

  @Test
  void i_09_output_is_bounded() {
    String tooMuch = "writes more than the 262144 bytes that a rendering may write";
    for (String template :
        List.of(
            "{{range .l}}{{range $.l}}{{.}}{{end}}{{end}}",
            "{{printf \"%1000000000d\" 1}}{{printf \"%1000000d\" 1}}",
            "{{printf \"%1000000s\" .s}}",
            "{{printf \"%.1000000f\" 1.0}}",
            "{{printf \"%.1000000d\" 1}}",
            "{{printf \"%*d\" 1000000 1}}",
            "{{$x := .s}}{{range .l}}{{$x = print $x $x}}{{end}}",
            "{{$x := \"<\"}}{{range .l}}{{$x = html $x $x $x}}{{end}}",
            "{{$x := \"=\"}}{{range .l}}{{$x = js $x $x $x}}{{end}}",
            "{{$x := \"=\"}}{{range .l}}{{$x = urlquery $x $x $x}}{{end}}",
            "{{range .l}}{{print $.l}}{{end}}")) {
      assertEquals(tooMuch, why(template), template);
    }
  }

  @Test
  void i_09_what_is_made_for_variables_is_bounded() {
    String makes = "{{$x := printf \"%100000d\" 1}}";
    assertEquals("its functions make too much text", why(makes.repeat(100)));
  }

  @Test
  void i_09_output_up_to_the_bound_is_rendered() throws TemplateException {
    Template template = Template.parse("é{{.}}");
    Bounds bounds = new Bounds(10, Duration.ofSeconds(10));
    assertEquals("é12345678", template.render(new Value.Text("12345678"), bounds));
    assertThrows(
        TemplateException.class, () -> template.render(new Value.Text("123456789"), bounds));
  }

  @Test
  void i_09_time_is_bounded() throws TemplateException {
    String loops =
        "{{range .l}}{{range $.l}}{{range $.l}}{{range $.l}}{{end}}{{end}}{{end}}{{end}}";
    assertEquals(
        "takes longer than the 100 ms that a rendering may take", why(loops, Bounds.DEFAULT));
  }

  @Test
  void i_09_recursion_is_bounded() {
    assertEquals(
        "more than 500 templates and blocks in one another",
        why("{{define \"t\"}}{{template \"t\"}}{{end}}{{template \"t\"}}"));
    assertEquals(
        "more than 500 templates and blocks in one another",
        why(
            "{{define \"t\"}}{{with 1}}{{if (not (eq 1 2))}}{{template \"t\" .}}{{end}}{{end}}"
                + "{{end}}{{template \"t\"}}"));
  }

  @Test
  void i_09_nesting_is_bounded() {
    assertEquals("more than 100 blocks in one another", why("{{if 1}}".repeat(100_000)));
    String parentheses = "(".repeat(100_000) + "1" + ")".repeat(100_000);
    assertEquals("more than 100 parentheses in one another", why("{{" + parentheses + "}}"));
  }

  @Test
  void i_09_the_size_of_a_template_is_bounded() {
    assertEquals("more than 400000 words and signs", why("{{.}}".repeat(200_000)));
    assertEquals("more than 1000 variables", why("{{$x := 1}}".repeat(1000)));
  }

  @Test
  void i_09_a_chain_of_choices_may_be_long() throws TemplateException {
    String chain =
        "{{if eq .s \"0\"}}" + "{{else if eq .s \"x\"}}".repeat(10_000) + "{{else}}end{{end}}";
    assertEquals(
        "end",
        Template.parse(chain)
            .render(new Value.Members(Map.of("s", new Value.Text("text"))), PATIENT));
  }

  @Test
  void i_09_few_steps_are_not_held_up_by_the_clock() throws TemplateException {
    Bounds impatient = new Bounds(1000, Duration.ZERO);
    assertEquals("a", Template.parse("{{.}}").render(new Value.Text("a"), impatient));
  }

  @Test
  void a_value_prints_as_an_action_prints_it() {
    Map<Value, String> printed =
        Map.of(
            new Value.Text("a b"), "a b",
            new Value.Num(1_000_000), "1e+06",
            new Value.Num(3), "3",
            new Value.Num(-0.0), "-0",
            new Value.Flag(true), "true",
            new Value.Nil(), "<no value>",
            new Value.Items(List.of(new Value.Nil(), new Value.Num(1.5))), "[<nil> 1.5]",
            new Value.Texts(Map.of("b", "1", "a", "2")), "map[a:2 b:1]");
    printed.forEach((value, text) -> assertEquals(text, Template.print(value)));
  }
}
