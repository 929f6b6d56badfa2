package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.moonboot.config.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImageFactoryDocTest {
  private static final Path DOC = Path.of("../docs/image-factory.md");
  private static final Pattern EXAMPLE = Pattern.compile("(?s)```yaml\n(.*?)```");

  static List<String> examples() throws IOException {
    return EXAMPLE.matcher(Files.readString(DOC)).results().map(r -> r.group(1)).toList();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void every_example_is_a_good_configuration(String yaml, @TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("moonboot.yaml"), yaml);
    var read = Configuration.load(file, Map.of(), ApplianceConfig::read);
    assertFalse(read.settings().isEmpty());
  }
}
