package dev.moonboot.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class AdminCommandTest {
  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);
  private static final String PIN =
      "{'profile':'p','release':'%s','version':'v1.13.6','expires':null,'revision':4}"
          .formatted(DIGEST);

  private record Ran(int code, String out, String err) {}

  @TempDir Path folder;
  private StubAdmin stub;

  @BeforeEach
  void start() throws IOException {
    stub = new StubAdmin();
  }

  @AfterEach
  void stop() {
    stub.close();
  }

  private Ran run(String... args) {
    List<String> all = new ArrayList<>(List.of("admin"));
    all.addAll(List.of(args));
    all.addAll(List.of("--address", stub.address()));
    return runAlone(all.toArray(String[]::new));
  }

  private static Ran runAlone(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code = Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
    return new Ran(code, out.toString(), err.toString());
  }

  @Test
  void a_list_piped_is_one_line_a_row_and_json_is_the_server_s() {
    stub.on("GET /admin/v1/pins", 200, "{'pins':[" + PIN + "]}");
    assertEquals(new Ran(0, "p\tv1.13.6\t" + DIGEST + "\t\t\t\t\n", ""), run("pins"));
    Ran json = run("pins", "--json");
    assertTrue(json.out().startsWith("{\n  \"pins\": [\n"), json.out());
  }

  @Test
  void nodes_are_listed_with_what_they_boot_and_how_far_they_came() {
    stub.on(
        "GET /admin/v1/nodes",
        200,
        """
        {"nodes": [
          {"mac": "52:54:00:00:00:0a", "address": "10.0.0.7", "serial": "9ffefdef",
           "model": "Raspberry Pi 4", "arch": "arm64", "firmware": "raspberry-pi", "group": "pi",
           "profile": "talos", "boot": "b7", "verdict": {"stage": "kernel", "outcome": "booted"},
           "first": "2026-11-20T10:00:00Z", "last": "2026-11-20T10:05:00Z",
           "install": {"image": "h/i:v1", "known": true, "warning": "it has not frr"}},
          {"mac": "52:54:00:00:00:0b", "first": "2026-11-20T10:00:00Z"}]}
        """);
    assertEquals(
        new Ran(
            0,
            "52:54:00:00:00:0a\t10.0.0.7\t9ffefdef\tRaspberry Pi 4\tarm64\traspberry-pi\tpi\ttalos\tb7"
                + "\tkernel\tbooted\t2026-11-20T10:00:00Z\t2026-11-20T10:05:00Z\tit has not frr\n"
                + "52:54:00:00:00:0b\t\t\t\t\t\t\t\t\t\t\t2026-11-20T10:00:00Z\t\t\n",
            ""),
        run("nodes"));
  }

  @Test
  void the_token_goes_with_every_call_and_is_shown_nowhere() throws IOException {
    Path token = Files.writeString(folder.resolve("token"), "tok-en-0123456789\n");
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
    stub.on("GET /admin/v1/pins", 200, "{'pins':[]}");
    Ran ran = run("pins", "--token-file", token.toString());
    assertEquals(new Ran(0, "", ""), ran);
    assertEquals("Bearer tok-en-0123456789", stub.asked().getFirst().token());
  }

  /** the connection is cut after the server has done it. */
  @Test
  void a_13_a_change_is_asked_for_again_with_the_same_key() {
    stub.on("PUT /admin/v1/pins/p", 0, "").on("PUT /admin/v1/pins/p", 200, PIN);
    Ran ran =
        run("pins", "set", "p", "v1.13.6", "--reason", "why", "--expires", "2030-01-31T18:00Z");
    assertEquals(new Ran(0, "p boots v1.13.6 sha256:0123456789ab by pin\n", ""), ran);
    assertEquals(2, stub.asked().size());
    assertNotNull(stub.asked().getFirst().key());
    assertEquals(stub.asked().getFirst(), stub.asked().getLast());
    assertEquals(
        "{\"release\":\"v1.13.6\",\"reason\":\"why\",\"expires\":\"2030-01-31T18:00:00Z\"}",
        stub.asked().getFirst().body());
    run("pins", "set", "p", "v1.13.6");
    assertNotEquals(stub.asked().getFirst().key(), stub.asked().getLast().key());
  }

  @Test
  void a_job_is_followed_by_its_events_to_what_it_led_to() {
    stub.on("PUT /admin/v1/pins/p", 202, "{'id':'j1','state':'running'}")
        .on(
            "GET /admin/v1/jobs/j1/events",
            200,
            "text/event-stream",
            """
            : hello

            event: progress
            data: {"state":"running","step":"fetch","detail":"arm64","bytesDone":0}

            event: progress
            data: {"state":"running","step":"fetch","detail":"arm64","bytesDone":50,"bytesTotal":100}

            event: ended
            data: {"state":"done","result":%s}

            """
                .formatted(PIN.replace('\'', '"')));
    Ran ran = run("pins", "set", "p", "v1.13.6");
    assertEquals(0, ran.code(), ran.err());
    assertEquals("p boots v1.13.6 sha256:0123456789ab by pin\n", ran.out());
    assertTrue(ran.err().startsWith("fetch    arm64\n"), ran.err());
    assertTrue(ran.err().contains("50 %  50 B of 100 B"), ran.err());
  }

  @Test
  void a_job_whose_stream_breaks_is_asked_for_and_its_failure_is_told() {
    stub.on("POST /admin/v1/scrub", 202, "{'id':'j1','state':'running'}")
        .on("GET /admin/v1/jobs/j1/events", 200, "text/event-stream", ": nothing yet\n\n")
        .on(
            "GET /admin/v1/jobs/j1",
            200,
            "{'state':'failed','problem':{'title':'Not available','status':409,"
                + "'detail':'the registry is down'}}");
    assertEquals(new Ran(1, "", "moonboot: Not available: the registry is down\n"), run("scrub"));
  }

  @Test
  void a_job_that_too_many_watch_already_is_asked_for_until_it_ends() {
    stub.on("POST /admin/v1/scrub", 202, "{'id':'j1','state':'running'}")
        .problem(
            "GET /admin/v1/jobs/j1/events",
            503,
            "{'title':'Busy','status':503,'detail':'as many as allowed are watching jobs'}")
        .on("GET /admin/v1/jobs/j1", 200, "{'state':'running','step':'scrub','detail':'9 files'}")
        .on("GET /admin/v1/jobs/j1", 200, "{'state':'done','result':{'files':9}}");
    assertEquals(new Ran(0, "files\t9\n", "scrub    9 files\n"), run("scrub"));
  }

  @Test
  void what_the_server_refuses_is_told_with_the_fields_and_what_to_do() throws IOException {
    Path file = Files.writeString(folder.resolve("p.json"), "{\"id\": \"p\", \"bot\": {}}");
    stub.problem(
        "PUT /admin/v1/profiles/p",
        422,
        "{'title':'Invalid content','status':422,'detail':'it cannot be used',"
            + "'errors':[{'pointer':'/bot','detail':'is unknown'},"
            + "{'pointer':'','detail':'is too \\u001b[1mlarge'}]}");
    assertEquals(
        new Ran(
            1,
            "",
            """
            moonboot: Invalid content: it cannot be used
              /bot is unknown
              the whole is too ?[1mlarge
            """),
        run("profiles", "put", file.toString()));
    Path other = Files.writeString(folder.resolve("q.json"), "{\"id\": \"q\"}");
    stub.problem(
        "PUT /admin/v1/profiles/q",
        422,
        "{'title':'Invalid content','status':422,'detail':'no kernel',"
            + "'errors':[{'pointer':'/boot','detail':'no kernel'}]}");
    assertEquals(
        new Ran(1, "", "moonboot: Invalid content: no kernel\n"),
        run("profiles", "put", other.toString()));
    stub.problem(
        "DELETE /admin/v1/groups/g", 412, "{'title':'Changed','status':412,'detail':'now r5'}");
    assertEquals(
        new Ran(
            1,
            "",
            """
            moonboot: Changed: now r5
              look at it again, and repeat the command if it is still wanted
            """),
        run("groups", "delete", "g"));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void who_may_not_is_told_with_3(int status) {
    stub.problem("GET /admin/v1/jobs", status, "{'title':'No','status':" + status + "}");
    Ran ran = run("jobs");
    assertEquals(3, ran.code(), ran.err());
    assertTrue(ran.err().startsWith("moonboot: No\n  "), ran.err());
    assertTrue(ran.err().contains("--token-file FILE"), ran.err());
  }

  @Test
  void a_server_that_is_not_there_is_4() throws IOException {
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String address = "http://127.0.0.1:" + port;
    Ran ran = runAlone("admin", "channels", "--address", address);
    assertEquals(4, ran.code(), ran.err());
    assertTrue(
        ran.err()
            .startsWith(
                "moonboot: the admin listener at "
                    + address
                    + " cannot be reached: nothing listens there\n  is moonboot running"),
        ran.err());
  }

  @Test
  void an_answer_that_is_not_moonboot_s_is_told() {
    stub.on("GET /admin/v1/pins", 200, "text/html", "<html>hello</html>");
    Ran ran = run("pins");
    assertEquals(1, ran.code());
    assertTrue(ran.err().contains("is not moonboot's: <html>hello</html>"), ran.err());
  }

  @Test
  void labels_of_explain_are_encoded() {
    stub.on("GET /admin/v1/explain?mac=52%3A54&serial=a%20%26b", 200, "text/plain", "group pi\n");
    assertEquals(
        new Ran(0, "group pi\n", ""), run("explain", "--mac", "52:54", "--label", "serial=a &b"));
  }

  @Test
  void a_difference_is_a_table_of_what_changes() {
    stub.on(
        "GET /admin/v1/releases/01234567/diff/89abcdef",
        200,
        """
        {'from':'a','to':'b','version':{'from':'v1','to':'v2'},'signer':{'from':'','to':''},
         'arches':[{'arch':'arm64','presence':'both','kernel':{'from':'6.1','to':'6.2'},
          'extensions':[{'name':'hello','from':null,'to':'v1'}],'argsAdded':['a=1'],
          'argsRemoved':['a=0'],'sizes':[
           {'asset':'vmlinuz','fromBytes':10,'toBytes':2048,'sameBytes':false},
           {'asset':'cmdline','fromBytes':1,'toBytes':1,'sameBytes':true}]}]}
        """);
    assertEquals(
        """
        release\ta\tb
        version\tv1\tv2
        arm64 kernel\t6.1\t6.2
        arm64 extension hello\t\tv1
        arm64 argument\ta=0\t
        arm64 argument\t\ta=1
        arm64 vmlinuz\t10\t2048
        """,
        run("releases", "diff", "01234567", "89abcdef").out());
  }

  static Stream<CommandLine> commands() {
    return all(requireNonNull(Main.commandLine().getSubcommands().get("admin")));
  }

  private static Stream<CommandLine> all(CommandLine command) {
    return Stream.concat(
        Stream.of(command),
        command.getSubcommands().values().stream().flatMap(AdminCommandTest::all));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void every_command_helps_with_examples_and_takes_no_token(CommandLine command) {
    String usage = command.getUsageMessage();
    assertTrue(usage.contains("Example"), usage);
    assertTrue(usage.contains("\n  moonboot admin "), usage);
    assertTrue(
        command.getCommandSpec().options().stream()
            .flatMap(option -> Stream.of(option.names()))
            .noneMatch("--token"::equals));
  }

  /** Examples in the help are commands that can be typed. */
  @ParameterizedTest
  @MethodSource("commands")
  void every_example_can_be_parsed(CommandLine command) {
    for (String line : command.getCommandSpec().usageMessage().footer()) {
      if (line.startsWith("  moonboot admin ")) {
        String typed = line.strip().replaceFirst("^moonboot ", "").replaceFirst(" >.*", "");
        Main.commandLine().parseArgs(words(typed));
      }
    }
  }

  private static String[] words(String line) {
    List<String> words = new ArrayList<>();
    var word = Pattern.compile("'([^']*)'|(\\S+)").matcher(line);
    while (word.find()) {
      words.add(word.group(1) != null ? word.group(1) : word.group(2));
    }
    return words.toArray(String[]::new);
  }

  @Test
  void what_is_no_time_is_wrong_usage() {
    Ran ran = run("pins", "set", "p", "previous", "--expires", "tomorrow");
    assertEquals(2, ran.code());
    assertTrue(ran.err().contains("is no time: write 90m"), ran.err());
  }

  /** What the service manager starts must not pay for the command line's classes. */
  @Test
  void serve_loads_nothing_of_the_command_line() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("moonboot.yaml"),
            """
            data: data
            cache: cache
            state: state
            channels: {custom: {image: "127.0.0.1:1/demo/installer:stable"}}
            registry: {plain-http: ["127.0.0.1:1"]}
            http: {address: "127.0.0.1:0"}
            admin: {address: "127.0.0.1:0"}
            tftp: {enabled: false}
            """);
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--config",
                config.toString())
            .redirectErrorStream(true)
            .start();
    List<String> loaded = new ArrayList<>();
    try (var out = child.inputReader(UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        loaded.add(line);
        if (line.contains("serving http=")) {
          child.toHandle().destroy(); // which leaves the output open
        }
      }
      child.waitFor();
    } finally {
      child.destroyForcibly();
    }
    String all = String.join("\n", loaded);
    assertTrue(all.contains("serving http="), all);
    assertTrue(all.contains("dev.moonboot.server.ServeCommand"), all);
    assertFalse(all.contains(" dev.moonboot.cli."), "cli");
    assertFalse(all.contains(" picocli."), "picocli");
  }

  private static final String BOOT =
      "{'id':17,'time':'2026-03-01T12:00:08Z','node':'52:54:00:a1:9c:ae','client':'10.0.0.7',"
          + "'arch':'amd64','group':'g','profile':'p','release':'v1','by':'pin','result':'loaded',"
          + "'firmware':'bios-pxe','began':'2026-03-01T12:00:00Z','stages':[{'stage':'kernel',"
          + "'state':'done','milliseconds':1500,'bytes':14000000,'attempts':1}],'verdict':{"
          + "'stage':'initramfs','outcome':'stuck','rule':'r','reason':'no \\u001b[2J config'},"
          + "'events':[{'time':'2026-03-01T12:00:08.5Z','stage':'kernel','what':'sent',"
          + "'text':'http vmlinuz','times':2}],'eventsLeftOut':3}";

  @Test
  void a_boot_is_shown_step_by_step() {
    stub.on("GET /admin/v1/boots/17", 200, BOOT);
    assertEquals(
        new Ran(
            0,
            """
            boot 17 of 52:54:00:a1:9c:ae (10.0.0.7)
              firmware bios-pxe, arch amd64
              profile p of group g, release v1
              stuck at initramfs
              no ?[2J config

              STAGE   STATE  TOOK   BYTES     ATTEMPTS
              kernel  done   1.5 s  13.4 MiB  1

              +8.5 s  kernel  sent x2  http vmlinuz
              3 events in the middle were not kept
            """,
            ""),
        run("boots", "show", "17"));
  }

  @Test
  void boots_are_followed_from_where_the_connection_broke() {
    String line =
        "17\t2026-03-01T12:00:08Z\t52:54:00:a1:9c:ae\tamd64\tg\tp\tv1\tpin\tloaded\t"
            + "initramfs\tstuck\tno ?[2J config\n";
    stub.on(
            "GET /admin/v1/boots?profile=p",
            200,
            "text/event-stream",
            "id: m-1\nevent: boot\ndata: " + BOOT.replace('\'', '"') + "\n\n")
        .problem(
            "GET /admin/v1/boots?profile=p", 503, "{'title':'Busy','status':503,'detail':'full'}");
    Ran ran = run("boots", "--profile", "p", "--follow");
    assertEquals(line, ran.out());
    assertEquals(1, ran.code());
    assertTrue(ran.err().contains("full"), ran.err());
  }

  @Test
  void nodes_are_listed_with_their_last_boot() {
    stub.on(
        "GET /admin/v1/nodes",
        200,
        "{'nodes':[{'mac':'52:54:00:a1:9c:ae','address':'10.0.0.7','serial':'s','model':'m',"
            + "'arch':'amd64','firmware':'ipxe','first':'a','last':'b','group':'g','profile':'p',"
            + "'boot':17,'verdict':{'stage':'kernel','outcome':'running'}}],'total':1}");
    assertEquals(
        new Ran(
            0,
            "52:54:00:a1:9c:ae\t10.0.0.7\ts\tm\tamd64\tipxe\tg\tp\t17\tkernel\trunning\ta\tb\t\n",
            ""),
        run("nodes"));
  }
}
