package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.config.Configuration;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.release.FollowListener;
import dev.moonboot.server.BuildLab.Ran;
import dev.moonboot.testing.ExtensionImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Releases that a service holds, compared with one another and with what could be. */
class BuildDiffTest {
  private static final String BUILDS =
      """
      data: data
      cache: cache
      state: state
      channels:
        compute:
          arch: amd64
          build:
            base: ghcr.io/siderolabs/imager:v1.13.9
            extensions: [siderolabs/gvisor, "ghcr.io/jsenecal/frr-talos-extension:v1.0.2"]
            arguments: ["console=ttyS0,115200"]
      http: {address: "127.0.0.1:0"}
      admin: {address: "127.0.0.1:0", tokens: tokens}
      tftp: {enabled: false}
      follow: {every: 1h}
      """;

  private static final String TOKEN = "0123456789abcdef0123456789abcdef";

  @TempDir Path folder;
  private BuildLab lab;
  private Appliance appliance;

  @BeforeEach
  void begin() throws IOException {
    lab = new BuildLab(folder);
    Files.createDirectories(folder.resolve("data"));
    secret("tokens", "ops operate " + TOKEN + "\n");
    secret("operator.token", TOKEN + "\n");
    appliance = open(BUILDS);
    awaitRelease();
  }

  private void secret(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private Appliance open(String yaml) throws IOException {
    Path config = lab.configure(yaml);
    return Appliance.start(
        Configuration.load(config, Map.of(), ApplianceConfig::read).value(), FollowListener.NONE);
  }

  private void awaitRelease() {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (appliance.releases().head("compute").isEmpty()) {
      assertTrue(System.nanoTime() < end, "no release within a minute");
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  @AfterEach
  void end() {
    appliance.close();
    lab.close();
  }

  /** Two extensions move, one by its digest and one by its tag in the configuration. */
  private void move() throws IOException {
    appliance.close();
    lab.gvisor("20250601.0");
    lab.push(BuildLab.FRR, "v1.0.3", ExtensionImages.named("frr", "v1.0.3"));
    appliance = open(BUILDS.replace(":v1.0.2", ":v1.0.3").replace("115200", "9600"));
    assertEquals(0, ask("apply", "compute").code());
  }

  private Ran build(String... words) {
    return lab.run(with(List.of("build"), words));
  }

  private Ran ask(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--token-file", "operator.token", "--address"));
    all.add("http://" + Appliance.text(appliance.adminAddress().orElseThrow()));
    return lab.run(with(List.of("build"), all.toArray(String[]::new)));
  }

  private static String[] with(List<String> first, String... words) {
    List<String> all = new ArrayList<>(first);
    all.addAll(List.of(words));
    return all.toArray(String[]::new);
  }

  private static String plain(String text) {
    return text.replaceAll("sha256:[0-9a-f]{12}\\b", "sha256:…")
        .replaceAll("[0-9.]+ ([KM]i)?B ", "SIZE ")
        .replaceAll(" +", " ");
  }

  private static String withoutFiles(String text) {
    return plain(text)
        .lines()
        .filter(line -> !line.startsWith(" asset "))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  private String digest() {
    return appliance.releases().head("compute").orElseThrow().digest().toString();
  }

  private static final String MOVED =
      """
       WHAT FROM TO
       extension siderolabs/gvisor 20250505.0 sha256:… 20250601.0 sha256:…
       extension ghcr.io/jsenecal/frr-talos-extension v1.0.2 sha256:… v1.0.3 sha256:…
       order siderolabs/gvisor, ghcr.io/jsenecal/frr-talos-extension:v1.0.2 siderolabs/gvisor, ghcr.io/jsenecal/frr-talos-extension:v1.0.3
       argument console=ttyS0,9600 - there
       argument console=ttyS0,115200 there -
      """;

  @Test
  void the_head_is_compared_with_the_one_before() throws IOException {
    move();
    Ran ran = ask("diff", "compute@previous", "compute@head");
    assertEquals(0, ran.code(), ran.err());
    assertEquals("compute@previous -> compute@head:\n" + MOVED, withoutFiles(ran.out()));
    assertEquals(
        List.of("asset amd64/cmdline", "asset amd64/initramfs.xz"),
        plain(ran.out())
            .lines()
            .map(String::strip)
            .filter(line -> line.startsWith("asset "))
            .map(line -> line.substring(0, line.indexOf(" SIZE")))
            .filter(line -> !line.contains("spdx") && !line.contains("SHA512"))
            .sorted()
            .toList());
  }

  @Test
  void digests_and_their_first_digits_name_releases_too() throws IOException {
    String before = digest();
    move();
    String after = digest();
    String told = withoutFiles(ask("diff", before, after).out());
    assertEquals(
        told.lines().skip(1).toList(),
        withoutFiles(
                ask("diff", before.substring(0, 17), after.substring("sha256:".length(), 19)).out())
            .lines()
            .skip(1)
            .toList());
    assertEquals(MOVED, told.substring(told.indexOf('\n') + 1));
  }

  @Test
  void the_folders_are_read_beside_a_service_and_without_one() throws IOException {
    move();
    String[] words = {
      "diff", "--config", "moonboot.yaml", "--offline", "compute@previous", "compute@head"
    };
    Ran beside = build(words);
    assertEquals(0, beside.code(), beside.err());
    assertEquals("compute@previous -> compute@head:\n" + MOVED, withoutFiles(beside.out()));
    assertEquals(beside.out(), ask("diff", "compute@previous", "compute@head").out());
    appliance.close();
    assertEquals(beside.out(), build(words).out());
  }

  @Test
  void a_release_is_compared_with_what_the_build_would_be_made_of_now() throws IOException {
    Ran same = ask("diff", "compute@head", "compute", "--config", "moonboot.yaml");
    assertEquals("compute@head -> compute: nothing changes\n", same.out(), same.err());
    lab.gvisor("20250601.0");
    assertEquals(
        """
        compute@head -> compute:
         WHAT FROM TO
         extension siderolabs/gvisor 20250505.0 sha256:… sha256:…
        """,
        plain(ask("diff", "compute@head", "compute", "--config", "moonboot.yaml").out()));
  }

  @Test
  void programs_are_told_the_same() throws IOException {
    move();
    Json.Obj told =
        (Json.Obj) JsonText.parse(ask("diff", "compute@previous", "compute@head", "--json").out());
    Json.Obj build = (Json.Obj) told.array("builds").orElseThrow().getFirst();
    assertEquals(
        """
        {"what":"extension","name":"ghcr.io/jsenecal/frr-talos-extension",\
        "from":{"name":"ghcr.io/jsenecal/frr-talos-extension:v1.0.2","version":"v1.0.2","digest":"SHA256"},\
        "to":{"name":"ghcr.io/jsenecal/frr-talos-extension:v1.0.3","version":"v1.0.3","digest":"SHA256"}}\
        """,
        build.array("changes").orElseThrow().get(1).compact());
  }

  @Test
  void a_service_composes_and_tells_programs_so_in_the_form_of_a_folder() {
    Ran ran = ask("apply", "compute", "conpute", "--json");
    assertEquals(1, ran.code());
    List<Json.Obj> builds =
        ((Json.Obj) JsonText.parse(ran.out()))
            .array("builds").orElseThrow().stream().map(Json.Obj.class::cast).toList();
    assertEquals(
        """
        {"name":"compute","outcome":"unchanged","release":"SHA256","version":"v1.13.9"}\
        """,
        builds.getFirst().compact());
    assertEquals(
        List.of("name", "outcome", "reason"), List.copyOf(builds.getLast().members().keySet()));
    assertEquals("failed", builds.getLast().text("outcome").orElse(""));
    assertTrue(ran.err().contains("moonboot: conpute: failed: "), ran.err());
  }

  @Test
  void what_a_service_refuses_is_told_as_an_error() throws IOException {
    lab.push(BuildLab.FRR, "v1.0.2", ExtensionImages.usrMerge());
    Ran ran = ask("apply", "compute");
    assertEquals(1, ran.code());
    assertEquals("", ran.out());
    assertTrue(ran.err().contains("moonboot: compute: rejected: "), ran.err());
    assertTrue(ran.err().contains("real-lib-directory"), ran.err());
  }

  @Test
  void what_is_not_held_is_told_with_what_to_do() throws IOException {
    Ran alien = ask("diff", "sha256:00000000", "compute@head");
    assertEquals(1, alien.code());
    assertTrue(alien.err().contains("no release that is held is called 00000000"), alien.err());
    Ran first = ask("diff", "compute@previous", "compute@head");
    assertEquals(1, first.code());
    assertEquals(
        """
        moonboot: channel compute named nothing before what it names now
          what is held: moonboot admin releases --channel compute
        """,
        first.err());
    Ran offline =
        build("diff", "--config", "moonboot.yaml", "--offline", "compute@previous", "compute@head");
    assertEquals(1, offline.code());
    assertEquals(
        "moonboot: channel compute named nothing before what it names now\n", offline.err());
    Ran nowhere =
        lab.run("build", "diff", "compute@head", "compute@head", "--address", "http://127.0.0.1:1");
    assertEquals(4, nowhere.code());
    Ran file = build("diff", "olld.lock", "new.lock");
    assertEquals(2, file.code());
    assertTrue(file.err().contains("is no file and no release"), file.err());
    assertEquals(2, build("diff", "--offline", "compute@head", "compute@head").code());
  }
}
