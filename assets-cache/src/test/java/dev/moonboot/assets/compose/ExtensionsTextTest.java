package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
          "2026-11-21",
          "2026-11-21 04:05:06",
          "a \nb\n",
          "a\t\nb\n",
          "a\n\tb\n",
          "a\nb \n",
          "a\n# b\n---\n...\n",
          "\ud83d\ude00: \ud83d\ude00 #\n",
          "\udbff\udfff",
          "x".repeat(2000),
          "x ".repeat(5000),
          "x\n".repeat(2000),
          "a: #'\t\ud83d\ude00".repeat(2000));

  @TempDir Path temp;

  private static Layer layer(String name, String description) {
    return new Layer(
        "000-a.sqsh",
        new ExtensionManifest(name, name, name, description, name, description),
        Origin.ADDED,
        1,
        Digest.of(new byte[0]));
  }

  private static Layer described(String name, String description) {
    return new Layer(
        "001-b.sqsh",
        new ExtensionManifest(name, "", "", description, "", ""),
        Origin.ADDED,
        1,
        Digest.of(new byte[0]));
  }

  private static List<String> texts() {
    List<String> texts = new ArrayList<>(AWKWARD);
    Random random = new Random(5);
    int[] alphabet =
        "ab1 .:#-'\"\\\n\t|>&*!%@`[]{},?~=\u0085\u00fc\u2028\ufeff\r\0\ud83d\ude00"
            .codePoints()
            .toArray();
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(12); length >= 0; length--) {
        text.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
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

  @Test
  void half_of_a_character_is_refused_with_the_extension_s_name() {
    for (String half : List.of("\ud83d", "a\ude00b", "\ude00\ud83d")) {
      List<Layer> layers = List.of(layer("fine", "fine"), described("frr", half));
      assertEquals(
          "extension frr: its manifest has half of a character (U+D800 to U+DFFF), which"
              + " extensions.yaml cannot have; have its maker mend manifest.yaml",
          assertThrows(ComposeException.class, () -> ExtensionsText.of(layers)).getMessage());
    }
  }

  @Test
  void more_than_is_read_is_refused_with_the_extension_s_name() {
    String most = "x".repeat(250 << 10);
    assertTrue(ExtensionsText.of(List.of(layer("one", most))).length < 1 << 20);
    List<Layer> layers = List.of(layer("one", most), layer("two", most), layer("three", most));
    assertEquals(
        "extension three: with its manifest extensions.yaml has over 1 MiB, which is not read; leave"
            + " an extension out, or have their makers shorten what manifest.yaml says",
        assertThrows(ComposeException.class, () -> ExtensionsText.of(layers)).getMessage());
  }

  /** PyYAML reads YAML 1.1, as Talos does, and every text must come back as a text. */
  @Test
  void a_reader_of_yaml_1_1_gives_back_every_text() throws IOException, InterruptedException {
    List<String> texts = texts();
    Path folder = Files.createDirectory(temp.resolve("read"));
    for (int from = 0; from < texts.size(); from += 20) { // one file of all would be too long
      List<String> some = texts.subList(from, Math.min(from + 20, texts.size()));
      Files.write(folder.resolve(from + ".yaml"), written(some));
      Files.writeString(
          folder.resolve(from + ".yaml.json"),
          new Json.Arr(some.stream().<Json>map(Json.Str::new).toList()).compact());
    }
    Path script = temp.resolve("read.py");
    Files.writeString(
        script,
        """
        import glob, json, sys
        try:
            import yaml
        except ImportError:
            print("no PyYAML")
            sys.exit()
        count = 0
        for name in glob.glob(sys.argv[1] + "/*.yaml"):
            read = yaml.safe_load(open(name, encoding="utf-8"))["layers"]
            wanted = json.load(open(name + ".json", encoding="utf-8"))
            for layer, text in zip(read, wanted, strict=True):
                of = layer["metadata"]
                got = [of["name"], of["version"], of["author"], of["description"],
                       of["compatibility"]["talos"]["version"], of.get("extraInfo", "")]
                if got != [text] * 6:
                    print("wanted", ascii(text), "got", ascii(got))
                count += 1
        print(count)
        """);
    String told = ComposeCase.run(temp, "python3", script.toString(), folder.toString());
    Requires.that(!told.equals("no PyYAML\n"), "Python's yaml is not installed");
    assertEquals(texts.size() + "\n", told);
  }
}
