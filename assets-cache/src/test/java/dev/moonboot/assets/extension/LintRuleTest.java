package dev.moonboot.assets.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The words of rules, which people write down and scripts compare. */
class LintRuleTest {
  private static final Path DOC = Path.of("../docs/builds.md");

  @Test
  void the_document_on_builds_explains_every_rule() throws IOException {
    String section = Files.readString(DOC).replaceFirst("(?s).*\\n## What check says\\n", "");
    var explained =
        section
            .replaceFirst("(?s)\\n## .*", "")
            .lines()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.split("\\|", -1)[1])
            .flatMap(cell -> Pattern.compile("`([a-z-]+)`").matcher(cell).results())
            .map((MatchResult word) -> word.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    var rules =
        Arrays.stream(LintRule.values())
            .map(LintRule::id)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(rules, explained);
  }
}
