package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.testing.DocumentBlocks;
import dev.moonboot.testing.DocumentBlocks.Block;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs what docs/image-factory.md tells people to type, one block after the other. */
class FactoryDocIT {
  private static final Path DOC = Path.of("../docs/image-factory.md");

  @TempDir Path folder;

  @Test
  void every_command_runs_as_it_is_written() throws IOException, InterruptedException {
    for (String program : List.of("curl", "skopeo", "xorriso", "mcopy")) {
      Requires.program(program);
    }
    String commands =
        DocumentBlocks.typed(DOC).stream().map(Block::commands).collect(Collectors.joining("\n"));
    try (FactoryFixture fixture = new FactoryFixture(folder.resolve("server"), Map.of())) {
      fixture.permits.release(10);
      Path work = Files.createDirectory(folder.resolve("work"));
      Path out = folder.resolve("out");
      String script =
          "set -eu\n"
              + commands.replace("127.0.0.1:8080", "127.0.0.1:" + fixture.address().getPort());
      Process shell =
          new ProcessBuilder("sh", "-c", script)
              .directory(work.toFile())
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .start();
      assertTrue(shell.waitFor(120, TimeUnit.SECONDS));
      String said = Files.readString(out, UTF_8);
      assertEquals(0, shell.exitValue(), said);
      assertTrue(said.contains("kernel-amd64: OK\n"), said);
      assertTrue(said.contains("installer-amd64.tar: OK\n"), said);
      assertTrue(said.contains("#!ipxe\n\nimgfree\n"), said);
      assertTrue(said.contains("[\"v1.13.9\""), said);
    }
  }
}
