package dev.moonboot.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Release;
import dev.moonboot.config.Configuration;
import dev.moonboot.demo.DemoRegistry;
import dev.moonboot.http.RawClient;
import dev.moonboot.journal.Actor;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.release.FollowListener;
import dev.moonboot.release.PinOrder;
import dev.moonboot.release.PinOutcome;
import dev.moonboot.release.PinTarget;
import dev.moonboot.tftp.TestClient;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole appliance over its real listeners: what one part knows, the others go by. */
class WiringTest {
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";
  private static final String KERNEL = "talos/custom/vmlinuz-amd64";
  private static final String INITRAMFS = "talos/custom/initramfs-amd64.xz";
  private static final String NODE = "127.0.0.1";
  private static final String OTHER = "127.0.0.2";
  private static final Pattern FILES = Pattern.compile("/assets/(talos/custom/sha256-[^\\s]+)");

  @TempDir Path folder;
  private DemoRegistry registry;
  private Appliance appliance;

  @BeforeEach
  void start() throws IOException {
    write("data/groups/all.json", "{'profile':'talos'}");
    write(
        "data/profiles/talos.json",
        "{'id':'talos','machine_config':'named.yaml','boot':{'kernel':'/assets/%s',"
                .formatted(KERNEL)
            + "'initrd':['/assets/%s'],'args':['{cmdline}']}}".formatted(INITRAMFS));
    write("files/machine/worker.yaml", "token: s3cr3t\n");
    write("files/named.yaml", "token: s3cr3t\n");
    write("files/plain.txt", "nothing secret\n");
    Path tokens = write("tokens", "anna admin " + TOKEN + "\n");
    Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
    registry = DemoRegistry.start();
    registry.push("stable", "v1.13.5");
    Path config =
        write(
            "moonboot.yaml",
            """
            data: data
            cache: cache
            state: state
            static: files
            channels: {custom: {image: "%s/demo/installer:stable"}}
            registry: {plain-http: ["%s"]}
            follow: {every: 1h}
            http: {address: "127.0.0.1:0"}
            admin: {address: "127.0.0.1:0", tokens: tokens}
            tftp: {address: "127.0.0.1:0"}
            loaders: {folder: files}
            """
                .formatted(registry.host(), registry.host()));
    appliance =
        Appliance.start(
            Configuration.load(config, Map.of(), ApplianceConfig::read).value(),
            FollowListener.NONE);
    await(() -> appliance.releases().head("custom").isPresent());
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

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "not within a minute");
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  private RawClient.Answer http(String from, String path) throws IOException {
    try (RawClient client = RawClient.connect(appliance.bootAddress(), from, 0)) {
      return client.request("GET", path).read("GET");
    }
  }

  private byte[] tftp(String from, String name) throws IOException {
    try (TestClient client = TestClient.at(from, appliance.tftpAddress().orElseThrow())) {
      return client.fetch(name, "blksize", "1468", "windowsize", "16");
    }
  }

  private RawClient.Answer admin(String method, String path) throws IOException {
    return RawClient.ask(
        appliance.adminAddress().orElseThrow(), method, path, "Authorization: Bearer " + TOKEN);
  }

  /** What a node is told to fetch, below {@code /assets/}. */
  private List<String> script(String mac) throws IOException {
    RawClient.Answer script = http(NODE, "/ipxe?arch=amd64&mac=" + mac);
    assertEquals(200, script.status());
    List<String> files =
        FILES.matcher(script.text()).results().map(found -> found.group(1)).toList();
    assertEquals(2, files.size(), script.text());
    return files;
  }

  private String boot(String mac) {
    try {
      Json.Obj boots =
          (Json.Obj) JsonText.parse(admin("GET", "/admin/v1/boots?node=" + mac).text());
      List<Json> all = boots.array("boots").orElseThrow();
      assertEquals(1, all.size(), boots.compact());
      return ((Json.Obj) all.getFirst()).text("result").orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Release head() {
    return appliance.releases().head("custom").orElseThrow();
  }

  private static byte[] kernel(Release release) throws IOException {
    return Files.readAllBytes(asset(release).file());
  }

  private static Asset asset(Release release) {
    return release.asset(Arch.AMD64, AssetName.VMLINUZ).orElseThrow();
  }

  @Test
  void a_boot_is_loaded_once_all_its_files_were_sent_by_http() throws IOException {
    String mac = "52:54:00:00:00:01";
    List<String> files = script(mac);
    assertEquals("script", boot(mac));
    assertEquals(200, http(NODE, "/assets/" + files.getFirst()).status());
    await(() -> boot(mac).equals("loading"));
    assertEquals(200, http(NODE, "/assets/" + files.getLast()).status());
    await(() -> boot(mac).equals("loaded"));
  }

  @Test
  void a_boot_is_loaded_once_all_its_files_were_sent_by_tftp() throws IOException {
    String mac = "52:54:00:00:00:02";
    List<String> files = script(mac);
    assertEquals("script", boot(mac));
    assertArrayEquals(kernel(head()), tftp(NODE, files.getFirst()));
    await(() -> boot(mac).equals("loading"));
    tftp(NODE, "/assets/" + files.getLast());
    await(() -> boot(mac).equals("loaded"));
  }

  @Test
  void a_path_without_a_release_means_the_one_of_the_clients_last_script() throws IOException {
    Release pinned = head();
    PinOutcome outcome =
        appliance
            .pinning()
            .pin(
                "talos",
                new PinTarget.ByDigest(pinned.digest()),
                PinOrder.of("", Actor.SYSTEM),
                Progress.NONE);
    assertInstanceOf(PinOutcome.Pinned.class, outcome);
    Digest pushed = registry.push("stable", "v1.13.6");
    appliance.following().refreshNow("custom");
    assertEquals(pushed, head().digest());

    assertKernel(head(), NODE); // it has had no script yet
    script("52:54:00:00:00:03");
    assertKernel(pinned, NODE);
    assertKernel(head(), OTHER);
  }

  private void assertKernel(Release expected, String client) throws IOException {
    assertArrayEquals(kernel(expected), http(client, "/assets/" + KERNEL).body());
    assertArrayEquals(kernel(expected), tftp(client, KERNEL));
  }

  @Test
  void s_15_a_release_found_damaged_is_waited_for_by_its_digest_too() throws IOException {
    String path = "/assets/" + script("52:54:00:00:00:04").getFirst();
    assertEquals(200, http(NODE, path).status());
    registry.close(); // else it is fetched again before anybody sees
    spoil(asset(head()).file());
    RawClient.Answer scrub = admin("POST", "/admin/v1/scrub?wait=60s");
    assertEquals(200, scrub.status(), scrub.text());
    RawClient.Answer waiting = http(NODE, path);
    assertEquals(503, waiting.status());
    assertTrue(Integer.parseInt(waiting.header("Retry-After")) > 0, waiting.head());
  }

  private static void spoil(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
      int first = bytes.read();
      bytes.seek(0);
      bytes.write(first ^ 1);
    }
  }

  @Test
  void s_15_a_release_that_was_fetched_again_is_served_with_the_files_it_has_then()
      throws IOException {
    String name = "release-amd64.json"; // says when it was fetched
    Digest before = head().asset(Arch.AMD64, AssetName.RECORD).orElseThrow().digest();
    spoil(head().asset(Arch.AMD64, AssetName.RECORD).orElseThrow().file());
    assertEquals(200, admin("POST", "/admin/v1/scrub?wait=60s").status());
    await(() -> status("/assets/talos/custom/" + name) == 200);
    Digest after = Digest.of(http(OTHER, "/assets/talos/custom/" + name).body());
    assertNotEquals(before, after);
    assertEquals(
        after.hex() + "  " + name + "\n",
        http(OTHER, "/assets/talos/custom/" + name + ".sha256").text());
    String folder = head().digest().fileName() + "/";
    assertEquals(after, Digest.of(http(OTHER, "/assets/talos/custom/" + folder + name).body()));
    assertEquals(200, http(NODE, "/assets/" + script("52:54:00:00:00:05").getFirst()).status());
  }

  private int status(String path) {
    try {
      return http(OTHER, path).status();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void i_13_a_secret_asked_for_by_tftp_is_refused_like_a_file_that_is_not_there()
      throws IOException {
    assertEquals("nothing secret\n", new String(tftp(NODE, "plain.txt"), UTF_8));
    for (String secret : List.of("machine/worker.yaml", "named.yaml")) {
      for (String before : List.of("", "/", "assets/", "/assets/")) {
        assertEquals(
            refusal(before + secret.replace(".yaml", ".yeml")), refusal(before + secret), secret);
      }
      assertEquals(refusal("NOT.YAML"), refusal(secret.toUpperCase(Locale.ROOT)));
    }
  }

  private String refusal(String name) {
    return String.valueOf(assertThrows(IOException.class, () -> tftp(NODE, name)).getMessage());
  }

  @Test
  void a_17_nothing_of_the_admin_listener_is_on_the_boot_listener() throws IOException {
    String unknown = http(NODE, "/no/such/path").text();
    for (String path :
        List.of(
            "/admin",
            "/admin/",
            "/admin/v1/",
            "/admin/v1/status",
            "/admin/v1/channels",
            "/admin/v1/releases",
            "/admin/v1/pins",
            "/admin/v1/pins/talos",
            "/admin/v1/profiles/talos",
            "/admin/v1/groups/all",
            "/admin/v1/audit",
            "/admin/v1/boots",
            "/admin/v1/jobs",
            "/admin/v1/explain",
            "/admin/v1/openapi.json",
            "/metrics")) {
      try (RawClient node = RawClient.connect(appliance.bootAddress())) {
        RawClient.Answer answer =
            node.request("GET", path, "Authorization: Bearer " + TOKEN).read("GET");
        assertEquals("404 " + unknown, answer.status() + " " + answer.text(), path);
      }
    }
  }
}
