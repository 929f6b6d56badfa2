package dev.moonboot.server;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.build.LockFile;
import dev.moonboot.assets.extension.LintRule;
import dev.moonboot.config.Configuration;
import dev.moonboot.release.FollowListener;
import dev.moonboot.server.BuildLab.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The document on builds, typed from its beginning to its end. */
class BuildsDocTest {
  private static final Path DOC = Path.of("../docs/builds.md");
  private static final Pattern CONFIGURATION = Pattern.compile("(?s)```yaml\n(.*?)```");
  private static final Pattern COMMAND = Pattern.compile("(?m)^\\./moonboot (build .*)$");

  private static final String TOKEN = "0123456789abcdef0123456789abcdef";

  @TempDir Path folder;

  private void secret(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static List<String> commands(String document) {
    return COMMAND.matcher(document).results().map(found -> found.group(1)).toList();
  }

  @Test
  void every_command_does_what_it_says() throws IOException {
    String document = Files.readString(DOC);
    Matcher yaml = CONFIGURATION.matcher(document);
    assertTrue(yaml.find());
    try (BuildLab lab = new BuildLab(folder)) {
      Path config =
          lab.configure(
              yaml.group(1).replace("admin:\n", "admin:\n  address: \"127.0.0.1:0\"\n")
                  + """
                  http: {address: "127.0.0.1:0"}
                  tftp: {enabled: false}
                  """);
      secret("secrets/tokens", "ops operate " + TOKEN + "\n");
      secret("operator.token", TOKEN + "\n");
      List<String> commands = commands(document);
      int first = first(commands);
      commands.subList(0, first).forEach(command -> type(lab, command, List.of()));
      Files.createDirectories(folder.resolve("data/groups"));
      Files.createDirectories(folder.resolve("data/profiles"));
      ApplianceConfig read = Configuration.load(config, Map.of(), ApplianceConfig::read).value();
      try (Appliance appliance = Appliance.start(read, FollowListener.NONE)) {
        String address = "http://" + Appliance.text(appliance.adminAddress().orElseThrow());
        await(appliance, "compute");
        for (String command : commands.subList(first, commands.size())) {
          boolean asks = command.contains("--token-file");
          type(lab, command, asks ? List.of("--address", address) : List.of());
        }
      }
      assertTrue(Files.exists(lab.file("out/initramfs-amd64.xz")));
    }
  }

  /** The first command that is for a service. */
  private static int first(List<String> commands) {
    int first = 0;
    while (!commands.get(first).contains("--token-file")) {
      first++;
    }
    assertTrue(first > 5, commands::toString);
    return first;
  }

  private static void type(BuildLab lab, String command, List<String> more) {
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.addAll(more);
    Ran ran = lab.run(words.toArray(String[]::new));
    assertEquals(0, ran.code(), () -> command + "\n" + ran.err() + ran.out());
  }

  private static void await(Appliance appliance, String channel) {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (appliance.releases().head(channel).isEmpty()) {
      assertTrue(System.nanoTime() < end, "no release within a minute");
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  @Test
  void the_lock_file_it_shows_can_be_read() throws IOException {
    String document = Files.readString(DOC);
    int at = document.indexOf("\nformat: 1\n") + 1;
    assertTrue(at > 0);
    String shown = document.substring(at, document.indexOf("```", at));
    assertFalse(
        LockFile.parse("shown", shown.replace("sha256:…", "sha256:" + "0".repeat(64)))
            .builds()
            .isEmpty());
  }

  /** First cells of the tables, and what stands in brackets. */
  @Test
  void every_rule_is_explained_and_is_one() throws IOException {
    String document = Files.readString(DOC);
    String section =
        document.substring(
            document.indexOf("## What check says"), document.indexOf("## Reproducible"));
    Set<String> explained =
        Pattern.compile("(?m)^\\| (`[^|]*`) \\|")
            .matcher(section)
            .results()
            .flatMap(row -> Arrays.stream(row.group(1).replace("`", "").split(", ", -1)))
            .collect(toCollection(TreeSet::new));
    assertEquals(
        Arrays.stream(LintRule.values()).map(LintRule::id).collect(toCollection(TreeSet::new)),
        explained);
  }
}
