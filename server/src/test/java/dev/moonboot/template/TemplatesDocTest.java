package dev.moonboot.template;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples of docs/templates.md give what stands beside them. */
class TemplatesDocTest {
  private static final Pattern DATA = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);
  private static final Pattern ROW =
      Pattern.compile("^\\| `(\\{\\{.*?)` \\| (?:`(.*?)`|(an error)).*\\|$", Pattern.MULTILINE);

  @Test
  void every_example_gives_what_it_says() throws IOException {
    String text = Files.readString(Path.of("../docs/templates.md"), UTF_8);
    String data = DATA.matcher(text).results().findFirst().orElseThrow().group(1);
    List<String> wanted = new ArrayList<>();
    List<String> given = new ArrayList<>();
    for (MatchResult row : ROW.matcher(text).results().toList()) {
      String template = row.group(1);
      wanted.add(template + " → " + (row.group(2) == null ? "an error" : row.group(2)));
      GoCases.GoCase example = GoCases.example(data, template);
      given.add(template + " → " + example.ours().orElse("an error"));
    }
    assertTrue(wanted.size() > 10, "found " + wanted.size());
    assertEquals(wanted, given);
  }
}
