package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.compose.ComposedInitramfs.Layer;
import dev.moonboot.assets.compose.ComposedInitramfs.Origin;
import dev.moonboot.assets.extension.ExtensionManifest;
import dev.moonboot.json.Json;
import dev.moonboot.testing.Requires;
import dev.moonboot.yaml.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtensionsTextTest {
  /** What readers of YAML take for something else than a text, and what breaks lines. */
  private static final List<String> AWKWARD =
      List.of(
          "",
          " ",
          "~",
          "null",
          "Null",
          "yes",
          "No",
          "on",
          "OFF",
          "y",
          "N",
          "true",
          "FALSE",
          ".nan",
          ".inf",
          "-.INF",
          "1",
          "1.0",
          "1.10",
          "0x1f",
          "0o17",
          "017",
          "1e3",
          "1_000",
          "12:30:45",
          "2001-12-14",
          "2001-12-14t21:59:43.10-05:00",
          "=",
          "<<",
          "- a",
          "-",
          "--- a",
          "...",
          "? a",
          ": a",
          "a: b",
          "a:",
          "a #b",
          "#a",
          "&a",
          "*a",
          "!a",
          "!!str a",
          "|",
          ">",
          "%a",
          "@a",
          "`a",
          "[a]",
          "{a: b}",
          "a, b",
          "'",
          "''",
          "\"",
          "a'b",
          "a\"b",
          "\\",
          "\\n",
          " a",
          "a ",
          "\ta",
          "a\tb",
          "a\n",
          "a\nb",
          "a\n\nb\n",
          "\na",
          "a\n\n",
          "\n",
          "a\n b\n",
          " a\nb\n",
          "a\n \nb",
          "a\r\nb",
          "a\rb",
          "a\u0085b",
          "a\u2028b",
          "a\u2029b",
          "\ufeffa",
          "a\u0000b",
          "a\u007fb",
          "a\u00a0b",
          "a\ufffeb",
          "\u00fc",
          "\ud83d\ude00",
          "a\ud83d\ude00\nb",
          "# a\nb\n",
          "---\nb\n",
          "a:\n- b\n",
          "\u0001",
          "a\u001bb",
          "v1.0.2",
          "1.0.0",
          "1.0.0-beta.1",
          ">= v1.5.0",
          "Talos Machinery",
          "ghcr.io/acme/frr",
          "e10",
          "1.2.3.4",
          "0.0.0",
          "a  b",
          "a -b",
          "x".repeat(2000));

  @TempDir Path temp;

  private static Layer layer(String name, String description) {
    return new Layer(
        "000-a.sqsh",
        new ExtensionManifest(name, name, name, description, name, description),
        Origin.ADDED,
        1,
        Digest.of(new byte[0]));
  }

  private static List<String> texts() {
    List<String> texts = new ArrayList<>(AWKWARD);
    Random random = new Random(5);
    String alphabet = "ab1 .:#-'\"\\\n\t|>&*!%@`[]{},?~=\u0085\u00fc\u2028\ufeff\r";
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(12); length >= 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      texts.add(text.toString());
    }
    return texts;
  }

  private static byte[] written(List<String> texts) {
    return ExtensionsText.of(texts.stream().map(text -> layer(text, text)).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "frr, frr",
    "v1.0.2, v1.0.2",
    "1.0.0, 1.0.0",
    "1.0, '''1.0'''",
    "Jane Doe <jane@acme.test>, '''Jane Doe <jane@acme.test>'''",
    "Yes, '''Yes'''",
    "it's, '''it''''s'''",
    "'', ''''''"
  })
  void a_text_goes_in_quotes_where_it_could_be_taken_for_something_else(
      String text, String written) {
    assertEquals(written, ExtensionsText.scalar(text, 0));
  }

  @Test
  void of_lines_a_block_is_made_where_it_gives_them_back() {
    assertEquals("|\n    a\n\n    b", ExtensionsText.scalar("a\n\nb\n", 0));
    assertEquals("|-\n    a\n    b", ExtensionsText.scalar("a\nb", 0));
    assertEquals("\"a\\n\\n\"", ExtensionsText.scalar("a\n\n", 0));
    assertEquals("\" a\\n\\U0001F600\\u0085\"", ExtensionsText.scalar(" a\n\ud83d\ude00\u0085", 0));
  }

  @Test
  void no_layers_are_an_empty_list() {
    assertEquals("layers: []\n", new String(ExtensionsText.of(List.of()), UTF_8));
  }

  @Test
  void our_reader_gives_back_every_text() {
    for (String text : texts()) {
      Json.Obj read = (Json.Obj) Yaml.parseTexts(new String(written(List.of(text)), UTF_8));
      Json.Obj layer = (Json.Obj) read.array("layers").orElseThrow().getFirst();
      Json.Obj metadata = layer.object("metadata").orElseThrow();
      for (String field : List.of("name", "version", "author", "description")) {
        assertEquals(text, metadata.text(field).orElseThrow(), field);
      }
    }
  }

  /** PyYAML reads YAML 1.1, as Talos does, and every text must come back as a text. */
  @Test
  void a_reader_of_yaml_1_1_gives_back_every_text() throws IOException, InterruptedException {
    List<String> texts = texts();
    Path yaml = Files.write(temp.resolve("extensions.yaml"), written(texts));
    Path wanted = temp.resolve("wanted.json");
    Files.writeString(
        wanted, new Json.Arr(texts.stream().<Json>map(Json.Str::new).toList()).compact());
    Path script = temp.resolve("read.py");
    Files.writeString(
        script,
        """
        import json, sys
        try:
            import yaml
        except ImportError:
            print("no PyYAML")
            sys.exit()
        read = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))["layers"]
        for layer, text in zip(read, json.load(open(sys.argv[2], encoding="utf-8")), strict=True):
            of = layer["metadata"]
            got = [of["name"], of["version"], of["author"], of["description"],
                   of["compatibility"]["talos"]["version"], of.get("extraInfo", "")]
            if got != [text] * 6:
                print("wanted", ascii(text), "got", ascii(got))
        """);
    String told =
        ComposeCase.run(temp, "python3", script.toString(), yaml.toString(), wanted.toString());
    Requires.that(!told.equals("no PyYAML\n"), "Python's yaml is not installed");
    assertEquals("", told);
  }
}
