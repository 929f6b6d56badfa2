package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.config.Configuration;
import dev.moonboot.json.JsonText;
import dev.moonboot.rpc.Authority;
import dev.moonboot.testing.CosignFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents tell a reader to type is understood, and every link leads somewhere. */
class ReadmeTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^ *(?:\\$ |\\./)moonboot +([a-z][^#\n]*?) *(?:#.*)?$");

  /** What a shell makes of a line: words, and texts in single quotes. */
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  private static final Pattern CONFIGURATION = Pattern.compile("(?s)```yaml\n(.*?)```");
  private static final Pattern JSON = Pattern.compile("(?s)```json\n(.*?)```");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");

  static List<Path> documents() throws IOException {
    try (Stream<Path> all = Files.walk(ROOT)) {
      return all.filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !ROOT.relativize(file).toString().contains("target"))
          .toList();
    }
  }

  private static Stream<String> matches(Pattern pattern, Path document) throws IOException {
    return pattern.matcher(Files.readString(document)).results().map((MatchResult r) -> r.group(1));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void every_command_is_one_that_the_program_knows(Path document) throws IOException {
    matches(COMMAND, document)
        .filter(command -> !command.startsWith("prepare")) // the start script's own
        .forEach(command ->
            assertDoesNotThrow(() -> Main.commandLine().parseArgs(words(command)), () -> command));
  }

  private static String[] words(String command) {
    return WORD.matcher(command)
        .results()
        .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
        .toArray(String[]::new);
  }

  private static void certificates(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      new Authority(folder).issue("server", "server");
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void every_configuration_is_a_good_one(Path document, @TempDir Path folder) throws IOException {
    CosignFixture.p256().writePublicKey(folder.resolve("release.pub"));
    CosignFixture.ed25519().writePublicKey(folder.resolve("next.pub"));
    Path tokens = Files.createDirectory(folder.resolve("secrets")).resolve("tokens");
    Files.writeString(tokens, "alice admin sha256:" + "0".repeat(64) + "\n");
    Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
    for (String yaml : matches(CONFIGURATION, document).toList()) {
      if (yaml.contains("grpc/server.crt")) {
        certificates(folder.resolve("grpc"));
      }
      Path file = Files.writeString(folder.resolve("moonboot.yaml"), yaml);
      Map<String, String> environment =
          Map.of("CREDENTIALS_DIRECTORY", folder.resolve("secrets").toString());
      assertFalse(
          Configuration.load(file, environment, ApplianceConfig::read).settings().isEmpty());
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void every_json_text_can_be_read(Path document) throws IOException {
    matches(JSON, document).forEach(json -> assertDoesNotThrow(() -> JsonText.parse(json)));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void every_link_leads_to_a_file(Path document) throws IOException {
    Path folder = document.getParent();
    List<String> dead =
        matches(LINK, document)
            .filter(link -> folder == null || !Files.exists(folder.resolve(link)))
            .toList();
    assertEquals(List.of(), dead);
  }

  @Test
  void the_readme_is_short_enough_to_be_read() throws IOException {
    assertTrue(Files.readAllLines(ROOT.resolve("README.md")).size() <= 120);
  }
}
