package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs programs in a folder, of which they see nothing else as their home. */
record Programs(Path folder) {
  /** What it prints; it must end well. */
  String run(String program, String... arguments) throws IOException, InterruptedException {
    Path errors = Files.createTempFile(folder, "errors", "");
    Process process = start(errors, program, arguments);
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), program + ": " + out + Files.readString(errors));
    return out;
  }

  /** Starts it; somebody else sees to its end. */
  Process start(Path errors, String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(Requires.program(program).toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectError(errors.toFile());
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("TMPDIR", folder.toString());
    return builder.start();
  }
}
