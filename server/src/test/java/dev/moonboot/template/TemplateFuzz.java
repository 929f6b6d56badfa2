package dev.moonboot.template;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.testing.Fuzz;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Any text as a template: it cannot be parsed, cannot be rendered, or gives a bounded text. */
public final class TemplateFuzz {
  private static final Bounds BOUNDS = new Bounds(16 << 10, Duration.ofMillis(100));

  private static final Value DATA =
      new Value.Members(
          Map.of(
              "s", new Value.Text("té😀xt"),
              "n", new Value.Num(1.5),
              "t", new Value.Flag(true),
              "z", new Value.Nil(),
              "l", new Value.Items(List.of(new Value.Text("a"), new Value.Num(2))),
              "m", new Value.Members(Map.of("a", new Value.Text("x"))),
              "q", new Value.Texts(Map.of("k", "v"))));

  private TemplateFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Fuzz.bounded(() -> render(new String(input, UTF_8)));
  }

  private static void render(String template) {
    try {
      String text = Template.parse(template).render(DATA, BOUNDS);
      int bytes = text.getBytes(UTF_8).length;
      if (bytes > 3 * BOUNDS.output()) { // a byte that is no UTF-8 becomes three
        throw new AssertionError(bytes + " bytes");
      }
    } catch (TemplateException e) {
      // what both promise
    }
  }

  static List<byte[]> seeds() {
    return List.of(
        "{{range $i, $e := .l}}{{$i}}={{$e}}{{else}}{{break}}{{end}}".getBytes(UTF_8),
        "{{define \"t\"}}{{template \"t\" .}}{{end}}{{template \"t\" .m}}".getBytes(UTF_8),
        "{{with $x := .s}}{{printf \"%-*.[1]*q %[2]x %#v\" 3 $x}}{{end}}".getBytes(UTF_8),
        "{{if and (eq .n 1.5) (not .z)}}{{- slice .s 1 3 | html | js -}}{{else if index .q \"k\"}}"
            .concat("{{block \"b\" .m}}{{.a}}{{end}}{{end}}")
            .getBytes(UTF_8),
        "{{/* c */}}{{`raw`}}{{'\\''}}{{0x1F}}{{1e3}}{{\"\\u00e9\\xff\"}}{{len .l}}"
            .getBytes(UTF_8));
  }
}
