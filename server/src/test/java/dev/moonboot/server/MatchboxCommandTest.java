package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.moonboot.config.Configuration;
import dev.moonboot.openpgp.GnuPg;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Matchbox's command line: flags, variables, defaults, checks and what it says. */
class MatchboxCommandTest {
  private record Ran(int code, String out, String err) {}

  @TempDir private Path folder;

  @BeforeEach
  void data() throws IOException {
    Files.createDirectories(folder.resolve("data/assets"));
    Files.writeString(folder.resolve("file"), "");
  }

  /** {@code ~} stands for the folder of the test. */
  private List<String> words(String line) {
    return line.isEmpty()
        ? List.of()
        : Arrays.stream(line.replace("~", folder.toString()).split(" ", -1)).toList();
  }

  private Map<String, String> environment(String variables) {
    return words(variables).stream()
        .map(pair -> pair.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }

  private Ran run(String line, String variables) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code;
    try {
      code =
          new MatchboxCommand(
                  environment(variables), new PrintWriter(out, true), new PrintWriter(err, true))
              .run(words(line));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return new Ran(code, out.toString(), err.toString().replace(folder.toString(), "~"));
  }

  static Stream<Arguments> refusals() {
    String good = "-data-path=~/data -assets-path=~/data/assets";
    String data = "A valid -data-path is required";
    String assets = "Provide a valid -assets-path or '' to disable asset serving: ";
    String missing = ": stat ~/none: no such file or directory";
    String rpc = good + " -rpc-address=127.0.0.1:0";
    String web = good + " -web-ssl";
    return Stream.of(
        arguments("", "", data),
        arguments("-data-path=~/none", "", data),
        arguments("-data-path=~/file", "", data),
        arguments("-data-path", "MATCHBOX_DATA_PATH=~/data", null),
        arguments("-data-path=~/none", "MATCHBOX_DATA_PATH=~/data", data),
        arguments("-data-path=~/data -assets-path=~/none", "", assets + "~/none"),
        arguments("-data-path=~/data -assets-path ~/file", "", assets + "~/file"),
        arguments("--data-path=~/data", "MATCHBOX_ASSETS_PATH=~/none", assets + "~/none"),
        // parsing stops at the first word that is no flag
        arguments("-data-path=~/data x -assets-path=", "", assets + "/var/lib/matchbox/assets"),
        arguments("-data-path=~/data -- -assets-path=", "", assets + "/var/lib/matchbox/assets"),
        // an empty variable counts as not set
        arguments(
            "-data-path=~/data", "MATCHBOX_ASSETS_PATH=", assets + "/var/lib/matchbox/assets"),
        arguments(
            rpc + " -cert-file=~/none",
            "",
            "Provide a valid TLS server certificate with -cert-file" + missing),
        arguments(
            rpc + " -cert-file=~/file -key-file=~/none",
            "",
            "Provide a valid TLS server key with -key-file" + missing),
        arguments(
            rpc + " -cert-file=~/file -key-file=~/file -ca-file=~/none",
            "",
            "Provide a valid TLS certificate authority for authorizing client certificates"
                + missing),
        arguments(
            rpc,
            "",
            "Provide a valid TLS server certificate with -cert-file"
                + ": stat /etc/matchbox/server.crt: no such file or directory"),
        arguments(
            web + " -web-cert-file=~/none",
            "",
            "Provide a valid SSL server certificate with -web-cert-file" + missing),
        arguments(
            good + " -web-cert-file=~/file -web-key-file=~/none",
            "MATCHBOX_WEB_SSL=true",
            "Provide a valid SSL server key with -web-key-file" + missing),
        arguments(
            good + " -log-level=critical",
            "",
            "invalid log-level: not a valid logrus Level: \"critical\""),
        arguments(
            good,
            "MATCHBOX_LOG_LEVEL=notice",
            "invalid log-level: not a valid logrus Level: \"notice\""),
        // the order of the checks
        arguments("-data-path=~/none -assets-path=~/none -log-level=no", "", data),
        arguments(
            web + " -web-cert-file=~/none -log-level=no",
            "",
            "Provide a valid SSL server certificate with -web-cert-file" + missing),
        // variables are read before anything is looked at
        arguments("", "MATCHBOX_VERSION=v1.2.3", bad("v1.2.3", "VERSION")),
        arguments("", "MATCHBOX_HELP=yes", bad("yes", "HELP")),
        arguments("-version", "MATCHBOX_WEB_SSL=on", bad("on", "WEB_SSL")),
        // listen addresses
        arguments(good + " -address=8080", "", listen("address 8080: missing port in address")),
        arguments(
            good + " -address=::1:8080",
            "",
            listen("address ::1:8080: too many colons in address (write [::1]:8080)")),
        arguments(good + " -address=127.0.0.1:99999", "", listen("address 99999: invalid port")),
        arguments(good + " -address=:boot", "", listen("lookup tcp/boot: unknown port")),
        arguments(
            good + " -address=nowhere.invalid:80",
            "",
            listen("lookup nowhere.invalid: no such host")));
  }

  private static String bad(String value, String variable) {
    return "invalid value \"" + value + "\" for MATCHBOX_" + variable + ": parse error";
  }

  private static String listen(String why) {
    return "failed to start listening: listen tcp: " + why;
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void a_start_that_cannot_be_is_1_in_the_words_of_matchbox(
      String line, String variables, String said) {
    if (said == null) {
      Ran ran = run(line, variables);
      assertEquals(2, ran.code());
      assertTrue(ran.err().startsWith("flag needs an argument: -data-path\nUsage of "), ran.err());
    } else {
      assertEquals(new Ran(1, "", "moonboot: " + said + "\n"), run(line, variables));
    }
  }

  @Test
  void a_key_ring_that_cannot_be_used_is_told_in_the_words_of_matchbox() throws Exception {
    try (GnuPg gpg = new GnuPg(folder)) {
      gpg.generate("me@example.com", "rsa2048", "test");
      Path ring = gpg.export("", "test");
      String line = "-data-path=~/data -assets-path=~/data/assets -key-ring-path=";
      List.of(
              List.of("~/file", "", "sign: provided key ring file contained no keys"),
              List.of(ring.toString(), "", "sign: missing passphrase for encrypted private key"),
              List.of(
                  ring.toString(),
                  "MATCHBOX_PASSPHRASE=wrong",
                  "openpgp: invalid data: private key checksum failure"))
          .forEach(row -> {
            Ran ran = run(line + row.get(0), row.get(1));
            assertEquals(1, ran.code());
            assertTrue(ran.err().startsWith("moonboot: " + row.get(2)), ran.err());
          });
      assertNotNull(
          configuration("-key-ring-path=" + ring, "MATCHBOX_PASSPHRASE=test")
              .value()
              .signing()
              .signer());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-frobnicate, flag provided but not defined: -frobnicate",
    "--adress=:8080, flag provided but not defined: -adress",
    "-version=maybe, invalid boolean value \"maybe\" for -version: parse error",
    "-data-path=/x -log-level, flag needs an argument: -log-level",
    "---x, bad flag syntax: ---x",
    "-=x, bad flag syntax: -=x"
  })
  void a_command_line_that_cannot_be_read_is_2_with_the_usage(String line, String said) {
    assertEquals(new Ran(2, "", said + "\n" + MatchboxFlags.usage()), run(line, ""));
  }

  @ParameterizedTest
  @CsvSource({
    "-help, ''",
    "--help, ''",
    "-h, ''",
    "--h, ''",
    "-help=true, ''",
    "'', MATCHBOX_HELP=1",
    "'-data-path=/nonexistent -help', ''"
  })
  void help_is_the_usage_on_standard_error_and_0(String line, String variables) {
    assertEquals(new Ran(0, "", MatchboxFlags.usage()), run(line, variables));
  }

  @ParameterizedTest
  @CsvSource({
    "-version, ''",
    "--version=T, ''",
    "'', MATCHBOX_VERSION=true",
    "-version -help, ''",
    "-version, MATCHBOX_VERSION=false"
  })
  void the_version_is_one_line_on_standard_output_and_0(String line, String variables) {
    assertEquals(new Ran(0, "moonboot " + Main.version() + "\n", ""), run(line, variables));
  }

  @Test
  void the_usage_names_every_flag_with_its_default() {
    assertTrue(
        MatchboxFlags.usage()
            .startsWith(
                """
                Usage of moonboot matchbox:
                  -address string
                    \twhere nodes speak HTTP to (default "127.0.0.1:8080")
                  -assets-path string
                """),
        MatchboxFlags.usage());
    assertEquals(15, MatchboxFlags.usage().lines().filter(line -> line.startsWith("  -")).count());
  }

  private Configuration<ApplianceConfig> configuration(String line, String variables) {
    Map<String, String> environment = new HashMap<>(environment(variables));
    environment.putIfAbsent("MATCHBOX_DATA_PATH", folder.resolve("data").toString());
    if (!(MatchboxFlags.of(words(line), environment)
        instanceof MatchboxFlags.Outcome.Read(var flags))) {
      throw new AssertionError(line);
    }
    MatchboxConfiguration made = MatchboxConfiguration.of(flags, environment);
    try {
      return made.read();
    } finally {
      made.ended();
    }
  }

  private List<String> settings(String line, String variables, String... keys) {
    List<String> found = new ArrayList<>();
    for (String key : keys) {
      configuration(line, variables).settings().stream()
          .filter(setting -> setting.key().equals(key))
          .forEach(setting -> found.add(setting.toString().replace(folder.toString(), "~")));
    }
    return found;
  }

  @Test
  void without_flags_it_is_where_matchbox_would_be_and_what_matchbox_has_not_is_off() {
    assertEquals(
        List.of(
            "http.address=127.0.0.1:8080 (matchbox's default)",
            "data=~/data (variable MATCHBOX_DATA_PATH)",
            "static=/var/lib/matchbox/assets (matchbox's default)",
            "state=~/data/.moonboot/state (beside matchbox's data)",
            "cache=~/data/.moonboot/cache (beside matchbox's data)",
            "tftp.enabled=false (as matchbox has none)",
            "admin.enabled=false (as matchbox has none)"),
        settings(
            "",
            "",
            "http.address",
            "data",
            "static",
            "state",
            "cache",
            "tftp.enabled",
            "admin.enabled"));
    ApplianceConfig config = configuration("", "").value();
    assertNull(config.admin());
    assertNull(config.tftp());
    assertTrue(config.channels().channels().isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    ":8080, 0.0.0.0:8080",
    "0.0.0.0:8080, 0.0.0.0:8080",
    "[::1]:80, [0:0:0:0:0:0:0:1]:80",
    "localhost:8081, 127.0.0.1:8081",
    ":http, 0.0.0.0:80",
    "127.0.0.1:, 127.0.0.1:0"
  })
  void addresses_are_what_go_takes_them_for(String given, String meant) {
    assertEquals(
        List.of("http.address=" + meant + " (flag -address)"),
        settings("-address=" + given, "MATCHBOX_ADDRESS=127.0.0.1:1", "http.address"));
  }

  @Test
  void assets_are_switched_off_by_an_empty_flag_alone() {
    assertNull(configuration("-assets-path=", "").value().http().staticFiles());
    assertEquals(
        Path.of("/var/lib/matchbox/assets"),
        configuration("", "MATCHBOX_ASSETS_PATH=").value().http().staticFiles());
  }

  @Test
  void variables_of_moonboot_win_over_flags_and_flags_over_the_file_and_that_over_defaults()
      throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("moonboot.yaml"),
            """
            channels: {custom: {image: "registry.invalid/talos:1"}}
            http: {address: "127.0.0.1:1", stall: 7s}
            static: other
            admin: {address: "127.0.0.1:0"}
            """);
    String line = "-config=" + file + " -address=127.0.0.1:2";
    assertEquals(
        List.of(
            "http.address=127.0.0.1:2 (flag -address)",
            "http.stall=9s (variable MOONBOOT_HTTP_STALL)",
            "static=other (~/moonboot.yaml:3:1)",
            "channels.custom.image=registry.invalid/talos:1 (~/moonboot.yaml:1:21)",
            "tftp.enabled=false (as matchbox has none)",
            "admin.enabled=true (default)"),
        settings(
            line,
            "MOONBOOT_HTTP_STALL=9s",
            "http.address",
            "http.stall",
            "static",
            "channels.custom.image",
            "tftp.enabled",
            "admin.enabled"));
    assertEquals(
        List.of("http.address=127.0.0.1:3 (variable MOONBOOT_HTTP_ADDRESS)"),
        settings(line, "MOONBOOT_HTTP_ADDRESS=127.0.0.1:3", "http.address"));
  }

  @Test
  void who_says_where_the_admin_listener_is_gets_one() {
    assertEquals(
        List.of(
            "admin.enabled=true (variable MOONBOOT_ADMIN_ENABLED)",
            "admin.address=127.0.0.1:8090 (default)"),
        settings("", "MOONBOOT_ADMIN_ENABLED=true", "admin.enabled", "admin.address"));
    assertEquals(
        List.of("admin.enabled=true (default)"),
        settings("", "MOONBOOT_ADMIN_ADDRESS=127.0.0.1:0", "admin.enabled"));
  }

  @Test
  void state_is_kept_beside_the_data_or_passes_with_the_process() throws IOException {
    Path data = folder.resolve("data");
    assertEquals(
        data.resolve(".moonboot/state"), configuration("-data-path=" + data, "").value().state());

    Path blocked = Files.createDirectories(folder.resolve("blocked"));
    Files.writeString(blocked.resolve(".moonboot"), "a file where the folder would be");
    Path passing = configuration("-data-path=" + blocked, "").value().state();
    assertTrue(passing.toString().contains("/moonboot-"), passing.toString());
    assertTrue(Files.notExists(passing.getParent()), "gone with the process");

    Path kept = folder.resolve("kept");
    assertEquals(
        kept,
        configuration(
                "-data-path=" + blocked, "MOONBOOT_STATE=%1$s MOONBOOT_CACHE=%1$s".formatted(kept))
            .value()
            .state());
  }
}
