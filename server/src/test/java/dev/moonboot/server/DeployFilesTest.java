package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeployFilesTest {
  private static final Path DEPLOY = Path.of("../deploy");

  /** Nothing can build an image here; that what it copies is there can be seen without. */
  @Test
  void the_container_copies_what_the_build_makes() throws Exception {
    String text = Files.readString(DEPLOY.resolve("container/Containerfile"));
    List<String> sources =
        Pattern.compile("(?m)^COPY (.*) \\S+$")
            .matcher(text)
            .results()
            .flatMap(found -> Stream.of(found.group(1).split(" ")))
            .toList();
    assertTrue(sources.size() >= 5, sources.toString());
    for (String source : sources) {
      Path path = Path.of("..", source);
      boolean built = source.startsWith("server/target/"); // comes with mvn package, after tests
      assertTrue(built || Files.exists(path), source);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', serve --config /etc/moonboot/moonboot.yaml",
    "-address=:8080 -log-level=debug, '', -address=:8080 -log-level=debug",
    "'', MATCHBOX_ADDRESS=0.0.0.0:8080, matchbox",
    "'', MATCHBOX_SERVICE_HOST=10.0.0.1, serve --config /etc/moonboot/moonboot.yaml",
    "serve --config x, MATCHBOX_ADDRESS=0.0.0.0:8080, serve --config x"
  })
  void the_container_does_what_it_is_told_or_what_matchbox_is_told(
      String arguments, String variable, String told, @TempDir Path folder) throws Exception {
    Path entrypoint =
        Files.copy(
            DEPLOY.resolve("container/entrypoint"),
            folder.resolve("entrypoint"),
            StandardCopyOption.COPY_ATTRIBUTES);
    Path program = Files.writeString(folder.resolve("moonboot"), "#!/bin/sh\necho \"$@\"\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<String> command = new ArrayList<>(List.of(entrypoint.toString()));
    if (!arguments.isEmpty()) {
      command.addAll(List.of(arguments.split(" ")));
    }
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    if (!variable.isEmpty()) {
      int equals = variable.indexOf('=');
      builder.environment().put(variable.substring(0, equals), variable.substring(equals + 1));
    }
    Process process = builder.start();
    assertEquals(
        told + "\n", new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    assertEquals(0, process.waitFor());
  }
}
