package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.testing.Requires;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemdUnitTest {
  private static final Path FOLDER = Path.of("../systemd").toAbsolutePath().normalize();

  private static void succeeds(String program, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(Requires.program(program).toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }

  @Test
  void the_unit_has_no_mistakes(@TempDir Path folder) throws Exception {
    // systemd-analyze wants the program to be there
    String unit =
        Files.readString(FOLDER.resolve("moonboot.service"))
            .replace("/usr/lib/moonboot/moonboot", "/bin/true");
    Path copy = Files.writeString(folder.resolve("moonboot.service"), unit);
    succeeds("systemd-analyze", "verify", copy.toString());
  }

  /**
   * The unit scores 1.4 with systemd 252 (10 is worst); what is left is what Java and port 69 need.
   */
  @Test
  void the_unit_stays_hardened() throws Exception {
    succeeds(
        "systemd-analyze",
        "security",
        "--offline=yes",
        "--threshold=15",
        FOLDER.resolve("moonboot.service").toString());
  }

  @Test
  void the_user_can_be_made() throws Exception {
    succeeds("systemd-sysusers", "--dry-run", FOLDER.resolve("moonboot.sysusers").toString());
  }

  @Test
  void the_folders_can_be_made(@TempDir Path folder) throws Exception {
    succeeds(
        "systemd-tmpfiles",
        "--create",
        "--root=" + folder,
        FOLDER.resolve("moonboot.tmpfiles").toString());
  }
}
