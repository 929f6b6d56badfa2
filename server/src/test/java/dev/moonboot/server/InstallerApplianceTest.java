package dev.moonboot.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.cache.AssetCache;
import dev.moonboot.assets.cache.CacheSettings;
import dev.moonboot.assets.verify.SigningKey;
import dev.moonboot.config.Configuration;
import dev.moonboot.http.RawClient;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.release.FollowListener;
import dev.moonboot.testing.DocumentBlocks;
import dev.moonboot.testing.DocumentBlocks.Block;
import dev.moonboot.testing.ExtensionImages;
import dev.moonboot.testing.FakeRegistry;
import dev.moonboot.testing.Requires;
import dev.moonboot.testing.TestImage;
import dev.moonboot.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole appliance composes a release with an installer image, and gives that away, signed. */
class InstallerApplianceTest {
  private static final TestImages.Content CONTENT =
      new TestImages.Content(
          "v1.13.9", "6.18.9-talos", "talos.platform=metal console=tty0", List.of(), 64 << 10, 1);

  private static final Path DOC = Path.of("../docs/installer.md");

  @TempDir Path folder;
  private FakeRegistry registry;
  private Appliance appliance;
  private Release release;

  @BeforeEach
  void start() throws Exception {
    registry = FakeRegistry.startPlain();
    push("siderolabs/imager", TestImages.imager(CONTENT));
    push("siderolabs/installer-base", TestImages.installer(CONTENT));
    push("acme/one", ExtensionImages.named("one", "v1.0.0"));
    for (String block : commands("/etc/moonboot/")) { // the document makes the key first
      type(block);
    }
    Path key = folder.resolve("build.pem");
    assertEquals(SigningKey.read(key).publicPem(), Files.readString(folder.resolve("build.pub")));
    Files.createDirectories(folder.resolve("data"));
    appliance = open();
    release = appliance.releases().head("compute").orElseThrow();
  }

  private Appliance open() throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("moonboot.yaml"),
            """
            data: data
            cache: cache
            state: state
            static: ""
            channels:
              compute:
                build:
                  base: "%1$s/siderolabs/imager:v1.13.9"
                  extensions: ["%1$s/acme/one:v1.13.9"]
                  outputs: [initramfs, installer]
            build: {signing-key: build.pem}
            registry: {plain-http: ["%1$s"]}
            follow: {every: 1h}
            http: {address: "127.0.0.1:0"}
            admin: {enabled: false}
            tftp: {address: "127.0.0.1:0"}
            """
                .formatted(registry.address()));
    Appliance opened =
        Appliance.start(
            Configuration.load(config, Map.of(), ApplianceConfig::read).value(),
            FollowListener.NONE);
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (opened.releases().head("compute").isEmpty()) {
      assertTrue(System.nanoTime() < end, "no release within a minute");
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
    return opened;
  }

  private void push(String repository, TestImage image) {
    registry.push(repository, "v1.13.9", image);
  }

  @AfterEach
  void stop() {
    appliance.close();
    registry.close();
  }

  private String address() {
    return "127.0.0.1:" + appliance.bootAddress().getPort();
  }

  private String run(String... command) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(command));
    line.set(0, Requires.program(line.getFirst()).toString());
    Process process =
        new ProcessBuilder(line)
            .directory(folder.toFile())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), out + Files.readString(folder.resolve("errors")));
    return out;
  }

  /** Blocks of the document that name something. */
  private static List<String> commands(String what) throws IOException {
    return DocumentBlocks.typed(DOC).stream()
        .map(Block::commands)
        .filter(block -> block.contains(what))
        .toList();
  }

  private void type(String commands) throws IOException, InterruptedException {
    String here = commands.replace("/etc/moonboot/", folder + "/");
    run(
        "bash",
        "-euo",
        "pipefail",
        "-c",
        here.contains("10.0.0.1") ? here.replace("10.0.0.1:8080", address()) : here);
  }

  private RawClient.Answer get(String path) throws IOException {
    return RawClient.get(appliance.bootAddress(), path);
  }

  @Test
  void skopeo_copies_the_image_and_it_holds_what_is_netbooted() throws Exception {
    run(
        "skopeo",
        "copy",
        "-q",
        "--all",
        "--preserve-digests",
        "--src-tls-verify=false",
        "docker://" + address() + "/installer/compute:v1.13.9",
        "oci:copy:v1.13.9");
    var channel =
        new Channel(
            "copy",
            AssetCache.parse("oci:" + folder.resolve("copy") + ":v1.13.9"),
            List.of(Arch.AMD64, Arch.ARM64));
    var settings =
        CacheSettings.unchecked(
            folder.resolve("other/cache"), folder.resolve("other/state"), registry.settings(), 1);
    try (AssetCache cache = AssetCache.open(settings)) {
      Refresh.Updated updated =
          assertInstanceOf(Refresh.Updated.class, cache.refresh(channel, Progress.NONE));
      Release copied = updated.release().orElseThrow();
      assertEquals(InstallerFiles.index(release).orElseThrow().digest(), copied.digest());
      for (Arch arch : Arch.values()) {
        assertEquals(extensions(release, arch), extensions(copied, arch));
        assertTrue(extensions(copied, arch).contains("one v1.0.0"));
        assertEquals(
            release.asset(arch, AssetName.VMLINUZ).orElseThrow().digest(),
            copied.asset(arch, AssetName.VMLINUZ).orElseThrow().digest());
      }
    }
  }

  private static List<String> extensions(Release of, Arch arch) {
    Build build = of.builds().get(arch);
    return build == null ? List.of() : build.extensions();
  }

  @Test
  void s_01_another_moonboot_that_requires_our_signature_pulls_it() throws Exception {
    Path policy =
        Files.writeString(
            folder.resolve("policy.yaml"),
            """
            trust:
              default: require
              rules: [{match: "*", any-of: [{key: {file: build.pub}}]}]
            """);
    Refresh.Updated updated =
        assertInstanceOf(
            Refresh.Updated.class,
            SecondMoonboot.refresh(folder.resolve("other"), address(), policy));
    assertEquals(Admission.Mode.REQUIRE, updated.release().orElseThrow().admission().mode());
  }

  @Test
  void beside_every_file_stand_its_sums_and_its_signature() throws Exception {
    for (Arch arch : Arch.values()) {
      Build build = release.builds().get(arch);
      assertTrue(build != null && build.assets().size() > 8, "assets of " + arch);
      for (AssetName name : build.assets().keySet()) {
        String path = "/assets/talos/compute/" + arch.id() + "/" + name.fileName();
        for (String beside : List.of(".sha256", ".sha512", ".sigstore.json")) {
          assertEquals(200, get(path + beside).status(), path + beside);
        }
      }
    }
  }

  @Test
  void every_command_of_the_document_runs_as_it_is_written() throws Exception {
    for (String block : commands("10.0.0.1:8080")) {
      type(block);
    }
    assertEquals(
        DocumentBlocks.typed(DOC).size(),
        commands("/etc/moonboot/").size() + commands("10.0.0.1:8080").size());
    assertTrue(Files.exists(folder.resolve("installer/index.json")));
  }

  @Test
  void the_bill_of_materials_names_base_and_extension() throws Exception {
    RawClient.Answer answer = get("/assets/talos/compute/arm64/sbom.spdx.json");
    Json.Obj document = (Json.Obj) JsonText.parse(answer.text());
    assertEquals("SPDX-2.3", document.text("spdxVersion").orElseThrow());
    List<String> names =
        document.array("packages").orElseThrow().stream()
            .map(each -> ((Json.Obj) each).text("name").orElseThrow())
            .toList();
    assertEquals(List.of("talos", "kernel", "go.etcd.io/bbolt", "one"), names.subList(1, 5));
    assertEquals(5, names.size());
  }

  @Test
  void all_of_it_is_the_same_after_a_restart() throws Exception {
    String manifest =
        "/v2/installer/compute/manifests/"
            + InstallerFiles.index(release).orElseThrow().digest().fileName()
            + ".sig";
    String bundle = "/assets/talos/compute/amd64/installer/index.json.sigstore.json";
    RawClient.Answer signature = get(manifest);
    String before = get(bundle).text();
    assertEquals(200, signature.status());
    appliance.close();
    appliance = open();
    assertEquals(signature.text(), get(manifest).text());
    assertEquals(before, get(bundle).text());
  }
}
