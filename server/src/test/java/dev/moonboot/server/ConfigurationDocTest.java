package dev.moonboot.server;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.moonboot.config.ConfigKey;
import dev.moonboot.config.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigurationDocTest {
  private static final Path DOC = Path.of("../docs/configuration.md");
  private static final Pattern EXAMPLE = Pattern.compile("(?s)```yaml\n(.*?)```");

  @Test
  void the_table_of_keys_is_what_the_program_reads() throws IOException {
    String expected =
        Configuration.keys(ApplianceConfig::read).stream()
            .map(ConfigurationDocTest::row)
            .collect(joining("\n"));
    String written =
        Files.readAllLines(DOC).stream()
            .filter(line -> line.startsWith("| `") && !line.startsWith("| `MOONBOOT_"))
            .collect(joining("\n"));
    assertEquals(expected, written);
  }

  private static String row(ConfigKey key) {
    String fallback = key.fallback().isEmpty() ? "none" : "`" + key.fallback() + "`";
    return "| `%s` | %s | %s | %s |"
        .formatted(
            key.key(),
            key.kind(),
            key.fallback().equals("required") ? "**required**" : fallback,
            key.description());
  }

  static List<String> examples() throws IOException {
    return EXAMPLE.matcher(Files.readString(DOC)).results().map(r -> r.group(1)).toList();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void every_example_is_a_good_configuration(String yaml, @TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("moonboot.yaml"), yaml);
    var read =
        Configuration.load(
            file, Map.of("CREDENTIALS_DIRECTORY", "/run/credentials"), ApplianceConfig::read);
    assertFalse(read.settings().isEmpty());
  }
}
