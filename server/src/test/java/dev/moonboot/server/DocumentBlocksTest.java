package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.testing.DocumentBlocks;
import dev.moonboot.testing.DocumentBlocks.Block;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Documents whose every command a test runs: {@code BuildsDocIT}, {@code InstallerApplianceTest}
 * and {@code FactoryDocIT} take all blocks of {@code sh}, so what is held here is that no command
 * stands anywhere else.
 */
class DocumentBlocksTest {
  private static final Set<String> LANGUAGES = Set.of("sh", "yaml", "json", "text");

  @ParameterizedTest
  @ValueSource(strings = {"builds.md", "installer.md", "image-factory.md"})
  void every_block_says_what_it_is_and_no_command_hides_in_another(String name) throws IOException {
    List<Block> blocks = DocumentBlocks.of(Path.of("../docs", name));
    assertTrue(blocks.stream().anyMatch(block -> block.language().equals("sh")));
    assertEquals(
        List.of(),
        blocks.stream()
            .filter(block -> !LANGUAGES.contains(block.language()))
            .map(block -> block.text().lines().findFirst().orElse(""))
            .toList());
    assertEquals(
        List.of(),
        blocks.stream()
            .filter(block -> !block.language().equals("sh"))
            .flatMap(block -> block.text().lines())
            .filter(line -> DocumentBlocks.PROGRAMS.contains(DocumentBlocks.program(line)))
            .toList());
  }

  /** Nothing but these, however a document grows. */
  @ParameterizedTest
  @ValueSource(strings = {"builds.md", "installer.md", "image-factory.md"})
  void only_what_cannot_be_had_here_is_not_run(String name) throws IOException {
    Stream<String> left =
        DocumentBlocks.of(Path.of("../docs", name)).stream()
            .filter(block -> block.language().equals("sh"))
            .flatMap(block -> block.text().lines())
            .filter(line -> DocumentBlocks.EXEMPT.contains(DocumentBlocks.program(line)));
    assertEquals(
        List.of(),
        left.filter(line ->
                !line.matches(
                    "(talosctl|cosign (verify|verify-blob)|docker login|ctr images pull|podman pull) .*"))
            .toList());
  }
}
