package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The start script, by itself and in odd places. */
class StartScriptIT {
  @TempDir Path folder;
  @TempDir Path output;

  private Moonboot moonboot(Path script, Map<String, String> environment) {
    return new Moonboot(script, output, environment);
  }

  private Path copy(String need) throws IOException {
    String text = Files.readString(Moonboot.SCRIPT).replace("\nneed=25\n", "\nneed=" + need + "\n");
    Path copy = Files.writeString(folder.resolve("moonboot"), text);
    return Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void says_its_version_and_nothing_else() throws Exception {
    var ran = moonboot(Moonboot.SCRIPT, Map.of()).run("--version");
    assertEquals(new Moonboot.Ran(0, ran.out(), ""), ran);
    assertTrue(ran.out().matches("moonboot \\d+\\.\\d+\\.\\d+\\S*\n"), ran.out());
  }

  @Test
  void works_through_links_from_elsewhere() throws Exception {
    Path absolute = Files.createSymbolicLink(folder.resolve("one"), Moonboot.SCRIPT);
    Path relative = Files.createSymbolicLink(folder.resolve("two"), absolute.getFileName());
    assertEquals(0, moonboot(relative, Map.of()).run("--version").code());
  }

  @Test
  void says_what_to_install_where_there_is_no_java() throws Exception {
    var ran = moonboot(copy("999"), Map.of()).run("--version");
    assertEquals(1, ran.code());
    assertEquals("", ran.out());
    assertTrue(
        ran.err().startsWith("moonboot: needs Java 999 or newer, and none was found\n"), ran.err());
    assertTrue(ran.err().contains("MOONBOOT_JAVA_HOME"), ran.err());
    assertTrue(ran.err().contains("https://adoptium.net"), ran.err());
  }

  @Test
  void passes_over_a_java_that_is_too_old() throws Exception {
    Path old = folder.resolve("jdk-17");
    Files.createDirectories(old.resolve("bin"));
    Path java = Files.writeString(old.resolve("bin/java"), "#!/bin/sh\necho wrong java\nexit 9\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.9\"\n");
    var ran = moonboot(Moonboot.SCRIPT, Map.of("MOONBOOT_JAVA_HOME", old.toString())).run("-V");
    assertEquals(0, ran.code(), ran.err());
    assertTrue(ran.out().startsWith("moonboot "), ran.out());
  }

  @Test
  void says_so_when_the_installation_is_not_complete() throws Exception {
    var ran = moonboot(copy("25"), Map.of()).run("--version");
    assertEquals(1, ran.code());
    assertTrue(ran.err().contains("this installation is not complete"), ran.err());
  }

  @Test
  void says_what_to_install_where_a_checkout_cannot_be_built() throws Exception {
    Path script = copy("25");
    Files.writeString(folder.resolve("pom.xml"), "<project/>");
    var ran = moonboot(script, Map.of("MOONBOOT_MAVEN", "no-such-maven")).run("--version");
    assertEquals(1, ran.code());
    assertTrue(ran.err().contains("apt install maven"), ran.err());
  }

  @Test
  void a_start_up_cache_is_made_once_and_a_broken_one_is_ignored() throws Exception {
    Map<String, String> environment = Map.of("MOONBOOT_CACHE_HOME", folder.toString());
    var made = moonboot(Moonboot.SCRIPT, environment).run("prepare");
    assertEquals(0, made.code(), made.err());
    Path cache;
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertEquals(1, all.size(), all.toString());
      cache = all.getFirst();
    }
    long before = Files.getLastModifiedTime(cache).toMillis();
    assertEquals(0, moonboot(Moonboot.SCRIPT, environment).run("prepare").code());
    assertEquals(before, Files.getLastModifiedTime(cache).toMillis());

    Files.writeString(cache, "no cache at all");
    var ran = moonboot(Moonboot.SCRIPT, environment).run("--version");
    assertEquals(0, ran.code(), ran.err());
    assertEquals("", ran.err());
  }

  /** The shell names the file: this Java may run under such a locale itself. */
  @Test
  void names_files_in_any_language_whatever_the_locale() throws Exception {
    Path script = folder.resolve("run");
    Files.writeString(
        script,
        """
        #!/bin/sh
        echo 'http: {address: "127.0.0.1:1234"}' > "%1$s/größe.yaml"
        exec "%2$s" check-config --config "%1$s/größe.yaml"
        """
            .formatted(folder, Moonboot.SCRIPT.toAbsolutePath()));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    var ran = moonboot(script, Map.of("LC_ALL", "C")).run();
    assertEquals(0, ran.code(), ran.err());
    assertTrue(ran.out().contains("127.0.0.1:1234"), ran.out());
  }
}
