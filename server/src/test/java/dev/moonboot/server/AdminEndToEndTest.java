package dev.moonboot.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Digest;
import dev.moonboot.config.Configuration;
import dev.moonboot.demo.DemoRegistry;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.release.FollowListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole appliance, told from the shell what to boot; what nodes then get is what it says. */
class AdminEndToEndTest {
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";
  private static final String CANARY = "52:54:00:00:00:01";
  private static final String OTHER = "52:54:00:00:00:02";

  private record Ran(int code, String out, String err) {}

  @TempDir Path folder;
  private DemoRegistry registry;
  private Appliance appliance;
  private Digest first;
  private Digest second;

  @BeforeEach
  void start() throws IOException {
    write("data/groups/all.json", "{'profile':'talos','selector':{'arch':'arm64'}}");
    write("data/groups/canary.json", "{'profile':'canary','selector':{'mac':'" + CANARY + "'}}");
    write("data/profiles/talos.json", profile("talos"));
    write("data/profiles/canary.json", profile("canary"));
    Path tokens = write("tokens", "anna admin " + TOKEN + "\nbob operate " + TOKEN + "b\n");
    Path token = write("token", TOKEN);
    for (Path secret : List.of(tokens, token)) {
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    }
    registry = DemoRegistry.start();
    first = registry.push("stable", "v1.13.5");
    Path config =
        write(
            "moonboot.yaml",
            """
            data: data
            cache: cache
            state: state
            channels: {custom: {image: "%s/demo/installer:stable"}}
            registry: {plain-http: ["%s"]}
            follow: {every: 1h}
            http: {address: "127.0.0.1:0"}
            admin: {address: "127.0.0.1:0", tokens: tokens}
            tftp: {enabled: false}
            """
                .formatted(registry.host(), registry.host()));
    appliance =
        Appliance.start(
            Configuration.load(config, Map.of(), ApplianceConfig::read).value(),
            FollowListener.NONE);
    await(() -> head().equals(Optional.of(first)));
    second = registry.push("stable", "v1.13.6");
    assertEquals(0, run("channels", "refresh", "custom").code());
    assertEquals(Optional.of(second), head());
  }

  @AfterEach
  void stop() {
    appliance.close();
    registry.close();
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    return Files.writeString(file, name.endsWith(".json") ? text.replace('\'', '"') : text);
  }

  private static String profile(String id) {
    return "{'id':'%s','boot':{'kernel':'/assets/talos/custom/vmlinuz-arm64',".formatted(id)
        + "'initrd':['/assets/talos/custom/initramfs-arm64.xz'],'args':['{cmdline}']}}";
  }

  private Optional<Digest> head() {
    return appliance.releases().head("custom").map(release -> release.digest());
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "not within a minute");
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  private Ran run(String... args) {
    List<String> all = new ArrayList<>(List.of("admin"));
    all.addAll(List.of(args));
    all.addAll(
        List.of(
            "--address",
            Appliance.text(appliance.adminAddress().orElseThrow()),
            "--token-file",
            folder.resolve("token").toString()));
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        Main.run(
            all.toArray(String[]::new), new PrintWriter(out, true), new PrintWriter(err, true));
    return new Ran(code, out.toString(), err.toString());
  }

  private Json.Obj json(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.add("--json");
    Ran ran = run(all.toArray(String[]::new));
    assertEquals(0, ran.code(), ran.err());
    return (Json.Obj) JsonText.parse(ran.out());
  }

  private String script(String mac) throws IOException {
    var url =
        URI.create(
                "http://%s/ipxe?mac=%s&arch=arm64"
                    .formatted(Appliance.text(appliance.bootAddress()), mac))
            .toURL();
    var connection = (HttpURLConnection) url.openConnection();
    connection.setRequestProperty("Connection", "close");
    try {
      return connection.getResponseCode() == 200
          ? new String(connection.getInputStream().readAllBytes(), UTF_8)
          : String.valueOf(connection.getResponseCode());
    } finally {
      connection.disconnect();
    }
  }

  /** What the node gets, after a look whether explain says the same. */
  private String boots(String mac) throws IOException {
    Json.Obj why = json("explain", "--mac", mac, "--arch", "arm64");
    String script = script(mac);
    assertEquals(
        script, why.object("scripts").orElseThrow().text("/ipxe").orElse("404"), "explain");
    return script.contains(first.fileName())
        ? "first"
        : script.contains(second.fileName()) ? "second" : script;
  }

  private String both() throws IOException {
    return boots(CANARY) + " " + boots(OTHER);
  }

  @Test
  void what_is_pinned_rolled_back_and_promoted_is_what_nodes_get_and_explain_says()
      throws IOException {
    assertEquals("second second", both());
    Ran pinned = run("pins", "set", "canary", first.hex().substring(0, 8), "--reason", "try");
    assertEquals(
        new Ran(0, "canary boots v1.13.5 sha256:%s by pin\n".formatted(first.shortHex()), ""),
        pinned);
    assertEquals("first second", both());
    Ran explained = run("explain", "--mac", CANARY, "--arch", "arm64");
    assertTrue(explained.out().contains("\nprofile   canary\n"), explained.out());
    assertTrue(
        explained.out().contains("\nanswer    boots v1.13.5 " + first + ", by pin\n"),
        explained.out());
    assertTrue(explained.out().contains("matches too, with a lower rank: all"), explained.out());

    assertEquals(0, run("promote", "talos", "--from", "canary", "--reason", "good").code());
    assertEquals("first first", both());
    assertEquals(0, run("pins", "set", "talos", "v1.13.6", "--expires", "2h").code());
    assertEquals("first second", both());
    long began = System.nanoTime();
    assertEquals(0, run("rollback", "talos", "--reason", "hangs").code());
    System.out.println("rollback took ms=" + (System.nanoTime() - began) / 1_000_000);
    assertEquals("first first", both());
    assertEquals("talos follows its channel again\n", run("pins", "delete", "talos").out());
    assertEquals("first second", both());

    String pins = run("pins").out();
    assertTrue(pins.startsWith("canary\tv1.13.5\t" + first + "\tanna\t"), pins);
    assertTrue(pins.endsWith("\t\ttry\n"), pins);
    assertEquals(2, run("releases").out().lines().count());
    assertTrue(
        run("releases", "--profile", "canary").out().startsWith(first + "\tv1.13.5\tgood\tcustom"));
    String diff = run("releases", "diff", first.hex().substring(0, 9), second.toString()).out();
    assertTrue(diff.contains("version\tv1.13.5\tv1.13.6\n"), diff);
    Json.Obj shown = json("releases", "show", first.toString());
    assertEquals(Optional.of("v1.13.5"), shown.text("version"));
    assertTrue(run("profiles").out().contains("canary\tcustom\tv1.13.5\t" + first + "\tpin\t"));
  }

  @Test
  void a_08_a_07_a_profile_put_is_in_force_at_once_and_a_bad_one_changes_nothing()
      throws IOException {
    Path file = write("p.json", profile("lab").replace("{cmdline}", "lab=1"));
    assertEquals(new Ran(0, "lab is created\n", ""), run("profiles", "put", file.toString()));
    Path group =
        write("g.json", "{'id':'other','profile':'lab','selector':{'mac':'" + OTHER + "'}}");
    assertEquals(new Ran(0, "other is created\n", ""), run("groups", "put", group.toString()));
    assertTrue(script(OTHER).contains(" lab=1\n"), script(OTHER));
    assertEquals("second", boots(OTHER));

    Path bad = write("b.json", profile("lab").replace("{cmdline}", "a b"));
    Ran refused = run("profiles", "put", bad.toString());
    assertEquals(1, refused.code());
    assertTrue(refused.err().contains("\n  /boot/args/0 has a space or a quote"), refused.err());
    assertTrue(script(OTHER).contains(" lab=1\n"), script(OTHER));

    Path got = write("got.json", run("profiles", "get", "lab").out().replace("lab=1", "lab=2"));
    assertEquals(new Ran(0, "lab is changed\n", ""), run("profiles", "put", got.toString()));
    assertTrue(script(OTHER).contains(" lab=2\n"), script(OTHER));

    Ran deleted = run("profiles", "delete", "lab");
    assertTrue(deleted.out().contains("note: 1 group(s) still name it"), deleted.out());
    assertEquals("404", boots(OTHER));
    assertEquals(0, run("groups", "delete", "other").code());
    assertEquals("second", boots(OTHER));
    assertEquals(1, run("groups", "delete", "other").code());
  }

  @Test
  void a_14_a_secret_in_metadata_is_shown_by_nothing() throws IOException {
    Path group =
        write("g.json", "{'id':'sec','profile':'talos','metadata':{'join_token':'hunter2'}}");
    Ran put = run("groups", "put", group.toString(), "--json");
    Ran got = run("groups", "get", "sec");
    assertTrue(got.out().contains("\"join_token\": \"***\""), got.out());
    for (Ran ran :
        List.of(put, got, run("groups", "--json"), run("explain", "--mac", OTHER, "--json"))) {
      assertTrue(!ran.out().contains("hunter2") && !ran.err().contains("hunter2"), ran.out());
    }
    Path shown = write("shown.json", got.out());
    assertEquals(1, run("groups", "put", shown.toString()).code());
  }

  @Test
  void a_10_what_cannot_be_had_is_not_pinned_and_the_old_one_stays() throws IOException {
    assertEquals(0, run("pins", "set", "talos", "previous").code());
    registry.close();
    Ran ran = run("pins", "set", "talos", "sha256:" + "ab".repeat(32));
    assertEquals(1, ran.code(), ran.out());
    assertTrue(ran.err().contains("\nmoonboot: Not available: "), ran.err()); // after its progress
    assertEquals("first", boots(OTHER));
  }

  @Test
  void a_12_a_pin_that_was_changed_meanwhile_is_not_overwritten() throws IOException {
    assertEquals(0, run("pins", "set", "talos", "previous", "--if-revision", "0").code());
    Ran again = run("pins", "set", "talos", "v1.13.6", "--if-revision", "0");
    assertEquals(1, again.code(), again.out());
    assertTrue(again.err().contains("look at it again"), again.err());
    assertEquals("first", boots(OTHER));
  }
}
