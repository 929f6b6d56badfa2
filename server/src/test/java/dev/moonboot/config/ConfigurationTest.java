package dev.moonboot.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
  private record Sample(
      InetSocketAddress address,
      Duration every,
      int keep,
      boolean tftp,
      List<String> nets,
      Map<String, String> images) {

    static Sample read(ConfigReader in) {
      ConfigReader follow = in.section("follow");
      Map<String, String> images = new TreeMap<>();
      in.sections("channels", "<name>")
          .forEach((name, channel) ->
              channel
                  .required("image", "what is followed", Kind.TEXT)
                  .ifPresent(image -> images.put(name, image)));
      in.secret("token", "who may", Kind.TEXT);
      return new Sample(
          in.section("http").address("address", "where to listen", new InetSocketAddress(8080)),
          follow.duration(
              "every", "how often", Duration.ofMinutes(5), Check.atLeast(Duration.ofSeconds(10))),
          follow.integer("keep", "how many", 3, Check.atLeast(1)),
          in.section("tftp").bool("enabled", "whether", true),
          in.section("tftp").strings("allowed-nets", "who may ask", List.of()),
          images);
    }
  }

  @TempDir Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void place() {
    file = folder.resolve("moonboot.yaml");
  }

  private Configuration<Sample> load(String yaml, Map<String, String> environment)
      throws IOException {
    Files.writeString(file, yaml);
    return Configuration.load(file, environment, Sample::read);
  }

  private List<String> problems(String yaml, Map<String, String> environment) {
    var failed = assertThrows(ConfigException.class, () -> load(yaml, environment));
    return failed.problems().stream().map(p -> p.replace(file.toString(), "F")).toList();
  }

  private List<String> problems(String yaml) {
    return problems(yaml, Map.of());
  }

  @Test
  void reads_every_kind_of_value() throws IOException {
    var read =
        load(
            """
            http:
              address: "[::1]:80"
            follow: {every: 30s, keep: 2}
            tftp:
              enabled: false
              allowed-nets: [10.0.0.0/8, "fd00::/8"]
            channels:
              custom:
                image: ghcr.io/acme/talos:demo
              a.b:
                image: ghcr.io/acme/talos:other
            """,
            Map.of());
    assertEquals(
        new Sample(
            new InetSocketAddress(InetAddress.ofLiteral("::1"), 80),
            Duration.ofSeconds(30),
            2,
            false,
            List.of("10.0.0.0/8", "fd00::/8"),
            Map.of("custom", "ghcr.io/acme/talos:demo", "a.b", "ghcr.io/acme/talos:other")),
        read.value());
  }

  @Test
  void an_empty_file_gives_the_defaults() throws IOException {
    var expected =
        new Sample(
            new InetSocketAddress(8080), Duration.ofMinutes(5), 3, true, List.of(), Map.of());
    assertEquals(expected, load("", Map.of()).value());
    assertEquals(expected, load("# nothing\nhttp:\n", Map.of()).value());
    assertEquals(expected, Configuration.load(null, Map.of(), Sample::read).value());
  }

  @Test
  void moonboot_variables_win_over_the_file_and_others_are_ignored() throws IOException {
    var read =
        load(
            "follow: {every: 30s}\nchannels: {a.b: {image: x:1}}\n",
            Map.of(
                "MOONBOOT_FOLLOW_EVERY", "1m",
                "MOONBOOT_TFTP_ALLOWED_NETS", "10.0.0.0/8",
                "MOONBOOT_CHANNELS_A_B_IMAGE", "x:2",
                "MOONBOOT_CHANNELS_NEW_ONE_IMAGE", "y:1",
                "FOLLOW_KEEP", "9",
                "HTTP_ADDRESS", "nonsense"));
    assertEquals(Duration.ofMinutes(1), read.value().every());
    assertEquals(List.of("10.0.0.0/8"), read.value().nets());
    assertEquals(3, read.value().keep());
    assertEquals(Map.of("a.b", "x:2", "new-one", "y:1"), read.value().images());
  }

  @Test
  void a_variable_replaces_the_whole_list_of_the_file() throws IOException {
    String file = "tftp: {allowed-nets: [10.0.0.0/8, 10.1.0.0/16, 10.2.0.0/16]}\n";
    assertEquals(
        List.of("fd00::/8"),
        load(file, Map.of("MOONBOOT_TFTP_ALLOWED_NETS", "fd00::/8")).value().nets());
    assertEquals(
        List.of("fd00::/8", "fe80::/10"),
        load(file, Map.of("MOONBOOT_TFTP_ALLOWED_NETS", "fd00::/8, fe80::/10")).value().nets());
  }

  @Test
  void all_problems_are_told_together() {
    assertEquals(
        List.of(
            "F:4:1: follow is set twice, first at F:2:1",
            "variable MOONBOOT_FOLOW_KEEP: means no key; did you mean MOONBOOT_FOLLOW_KEEP?;"
                + " only settings of moonboot may start with MOONBOOT_",
            "F:5:12: channels.custom.image: must be set: what is followed",
            "F:1:8: http.address: \"8080\" is not an IP address and a port such as"
                + " 0.0.0.0:8080, [::1]:8080 or :8080 (no IP address and port)",
            "F:2:10: follow.every: 1s will not do, must be at least 10s",
            "F:3:10: follow.keep: \"x\" is not a whole number",
            "F:5:21: unknown key channels.custom.imgae; did you mean channels.custom.image?",
            "F:6:1: unknown key colour; known here: channels, follow, http, tftp, token"),
        problems(
            """
            http: {address: 8080}
            follow: {every: 1s,
                     "keep": x}
            follow: {}
            channels: {custom: {imgae: x}}
            colour: {of: {moon: 1}}
            """,
            Map.of("MOONBOOT_FOLOW_KEEP", "1")));
  }

  @Test
  void f_01_an_unknown_key_with_nothing_in_it_is_an_error_too() {
    assertEquals(
        List.of(
            "F:2:10: unknown key follow.evry; did you mean follow.every?",
            "F:1:1: unknown key htpp; did you mean http?"),
        problems("htpp: {}\nfollow: {evry: []}\nhttp: {}\n"));
  }

  @Test
  void a_section_with_nothing_in_it_misses_what_it_must_have() {
    assertEquals(
        List.of("F:1:12: channels.custom.image: must be set: what is followed"),
        problems("channels: {custom: {}}\n"));
  }

  @Test
  void f_01_an_unknown_key_is_an_error_with_its_place() {
    assertEquals(
        List.of("F:2:3: unknown key follow.evry; did you mean follow.every?"),
        problems("follow:\n  evry: 5m\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "follow: {keep: many}       | F:1:10: follow.keep: \"many\" is not a whole number",
        "follow: {keep: [1, 2]}     | F:1:10: follow.keep: expects one value (a whole number),"
            + " found a list",
        "follow: {keep: {a: 1}}     | F:1:10: follow.keep: expects one value (a whole number),"
            + " found keys with values",
        "tftp: {enabled: yes}       | F:1:8: tftp.enabled: \"yes\" is not true or false (neither"
            + " true nor false)",
        "tftp: {allowed-nets: {a: 1}}|F:1:8: tftp.allowed-nets: expects a list, found keys with"
            + " values",
        "http: 8080                 | F:1:1: http expects keys with values (http.address), found"
            + " a value",
        "- a                        | F:1:1: the file must hold keys with values",
        "just text                  | F:1:1: the file must hold keys with values"
      })
  void f_01_a_wrong_type_is_an_error_with_its_place(String yaml, String problem) {
    assertEquals(List.of(problem), problems(yaml + "\n"));
  }

  @Test
  void f_01_a_duplicate_key_is_an_error_with_both_places() {
    assertEquals(
        List.of("F:3:3: follow.keep is set twice, first at F:2:3"),
        problems("follow:\n  keep: 1\n  keep: 2\n"));
  }

  @Test
  void f_01_a_tab_is_an_error_with_its_place() {
    var problems = problems("follow:\n\tkeep: 1\n");
    assertEquals(1, problems.size());
    assertTrue(problems.getFirst().startsWith("F:2:1: not YAML: "), problems.getFirst());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nhttp: *c\n", // bomb
        "follow: &f\n  every: *f\n", // cycle
        "&k follow: {keep: 1}\n*k : {keep: 2}\n" // a key by alias
      })
  void f_01_bombs_and_cycles_are_refused(String yaml) {
    assertTrue(problems(yaml).getFirst().startsWith("F"), yaml);
  }

  @Test
  void f_01_a_file_of_ten_mebibytes_is_refused() {
    assertEquals(
        List.of("F: larger than 1 MiB; is this a configuration?"),
        problems("# " + "x".repeat(10 << 20) + "\n"));
  }

  @Test
  void f_01_tags_of_java_types_are_refused() {
    assertEquals(
        List.of(
            "F:1:16: follow.keep: tag tag:yaml.org,2002:javax.script.ScriptEngineManager is not"
                + " allowed"),
        problems("follow: {keep: !!javax.script.ScriptEngineManager 1}\n"));
  }

  @Test
  void a_missing_file_is_an_error() {
    var failed =
        assertThrows(ConfigException.class, () -> Configuration.load(file, Map.of(), Sample::read));
    assertEquals(List.of(file + ": there is no such file"), failed.problems());
  }

  @Test
  void f_08_a_missing_variable_is_an_error_and_never_empty_text() {
    assertEquals(
        List.of(
            "F:1:28: ${IMAGE}: there is no such environment variable; set it, or write $${ for a"
                + " literal ${"),
        problems("channels: {custom: {image: \"${IMAGE}:1\"}}\n"));
  }

  @Test
  void variables_are_put_in_where_asked_for() throws IOException {
    var read =
        load(
            "channels: {custom: {image: '${HOST}/t:1'}, lit: {image: '$${HOST}'}}\n",
            Map.of("HOST", "r$1.example"));
    assertEquals(Map.of("custom", "r$1.example/t:1", "lit", "${HOST}"), read.value().images());
  }

  @Test
  void shows_what_is_in_force_and_where_it_came_from_but_no_secret() throws IOException {
    var read = load("follow: {every: 30s}\ntoken: hush\n", Map.of("MOONBOOT_FOLLOW_KEEP", "7"));
    assertEquals(
        List.of(
            "token=*** (F:2:1)",
            "http.address=0.0.0.0:8080 (default)",
            "follow.every=30s (F:1:10)",
            "follow.keep=7 (variable MOONBOOT_FOLLOW_KEEP)",
            "tftp.enabled=true (default)",
            "tftp.allowed-nets=[] (default)"),
        read.settings().stream()
            .map(setting -> setting.toString().replace(file.toString(), "F"))
            .toList());
  }

  @Test
  void lists_every_key_for_the_documentation() {
    assertEquals(
        List.of(
            new ConfigKey("channels.<name>.image", "text", "required", "what is followed"),
            new ConfigKey("token", "text", "", "who may")),
        Configuration.keys(Sample::read).subList(0, 2));
  }
}
