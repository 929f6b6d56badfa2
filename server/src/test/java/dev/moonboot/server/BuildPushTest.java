package dev.moonboot.server;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.verify.SigningKey;
import dev.moonboot.server.BuildLab.Ran;
import dev.moonboot.testing.FakeRegistryReply;
import dev.moonboot.testing.FakeRegistryRequest.Kind;
import dev.moonboot.testing.RealRegistry;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Installer images that a command puts into a registry. */
class BuildPushTest {
  private static final String BUILDS =
      """
      channels:
        compute:
          arch: ARCH
          push: ghcr.io/acme/installer
          build:
            base: ghcr.io/siderolabs/imager:v1.13.9
            extensions: [siderolabs/gvisor]
            outputs: [initramfs, installer]
        bare:
          arch: amd64
          build: {base: ghcr.io/siderolabs/imager:v1.13.9}
      """;

  @TempDir Path folder;
  private BuildLab lab;

  @BeforeEach
  void begin() throws IOException {
    lab = new BuildLab(folder);
    lab.configure(BUILDS.replace("ARCH", "amd64"));
  }

  @AfterEach
  void end() {
    lab.close();
  }

  private Ran push(String... more) {
    return lab.run(
        Stream.concat(Stream.of("build", "push", "--config", "moonboot.yaml"), Arrays.stream(more))
            .toArray(String[]::new));
  }

  private int manifests() {
    return lab.registry.count(Kind.PUT_MANIFEST);
  }

  @Test
  void what_was_composed_before_is_pushed_as_the_same_image() throws Exception {
    Ran composed = push("compute");
    assertEquals(0, composed.code(), composed.err());
    assertEquals("ghcr.io/acme/installer:v1.13.9@SHA256\n", composed.out());
    String first = lab.registry.requests(Kind.PUT_MANIFEST).getLast().target();
    byte[] index = lab.registry.requests(Kind.PUT_MANIFEST).getLast().body();
    assertTrue(first.endsWith("/acme/installer/manifests/v1.13.9"), first);
    lab.run("build", "apply", "--config", "moonboot.yaml", "--output", "out", "compute");
    lab.registry.forget();
    Ran ran =
        push(
            "--from",
            "out",
            "--to",
            "ghcr.io/acme/other",
            "--tag",
            "a",
            "--tag",
            "b",
            "--json",
            "compute");
    assertEquals(0, ran.code(), ran.err());
    assertEquals(
        """
        {
          "name": "compute",
          "repository": "ghcr.io/acme/other",
          "tags": [
            "a",
            "b"
          ],
          "digest": "SHA256",
          "references": [
            "ghcr.io/acme/other:a@SHA256",
            "ghcr.io/acme/other:b@SHA256"
          ],
          "signed": false
        }
        """,
        ran.out());
    assertEquals(3, manifests());
    assertEquals(0, lab.registry.count(Kind.UPLOAD));
    assertEquals(
        new String(index, StandardCharsets.UTF_8),
        new String(
            lab.registry.requests(Kind.PUT_MANIFEST).getLast().body(), StandardCharsets.UTF_8));
  }

  @Test
  void a_folder_that_was_changed_is_refused() throws Exception {
    lab.run("build", "apply", "--config", "moonboot.yaml", "--output", "out", "compute");
    Files.writeString(lab.file("out").resolve("amd64/installer/config.json"), "{}");
    Ran ran = push("--from", "out", "compute");
    assertEquals(1, ran.code());
    assertEquals(
        "moonboot: out is not as it was made: SHA256 of its installer image is missing or was"
            + " changed; compose it anew\n",
        ran.err());
    assertEquals(0, manifests());
    assertEquals(1, push("--from", lab.file("nothing.json").toString(), "compute").code());
  }

  @Test
  void what_is_left_of_an_earlier_release_names_no_tag() throws Exception {
    lab.configure(BUILDS.replace("ARCH", "[amd64, arm64]"));
    apply("out", "compute");
    lab.talos("v1.13.10");
    lab.configure(BUILDS.replace("ARCH", "amd64").replace(":v1.13.9", ":v1.13.10"));
    apply("out", "compute");
    Ran ran = push("--from", "out", "compute");
    assertEquals("ghcr.io/acme/installer:v1.13.10@SHA256\n", ran.out(), ran.err());
  }

  @Test
  void a_folder_with_files_of_two_releases_is_refused() throws Exception {
    lab.configure(BUILDS.replace("ARCH", "[amd64, arm64]"));
    apply("out", "compute");
    lab.configure(BUILDS.replace("ARCH", "amd64"));
    apply("out-before", "compute");
    Files.copy(
        lab.file("out-before").resolve("release-amd64.json"),
        lab.file("out").resolve("release-amd64.json"),
        REPLACE_EXISTING);
    Ran ran = push("--from", "out", "compute");
    assertEquals(1, ran.code());
    assertTrue(ran.err().contains("out has files of more than one release ("), ran.err());
    assertEquals(0, manifests());
  }

  @Test
  void what_was_made_of_another_build_is_refused() throws Exception {
    lab.configure(
        BUILDS.replace("ARCH", "amd64")
            + """
              gateway:
                push: ghcr.io/acme/gateway
                build: {like: compute, add: ["ghcr.io/jsenecal/frr-talos-extension:v1.0.2"]}
            """);
    apply("out", "compute");
    Ran ran = push("--from", "out", "gateway");
    assertEquals(1, ran.code());
    assertEquals(
        "moonboot: out has what was made of build:compute, and build:gateway was asked for; name"
            + " its folder, or compose it anew\n",
        ran.err());
    assertEquals(0, manifests());
    apply("out-before", "compute", "gateway");
    assertEquals(
        "ghcr.io/acme/gateway:v1.13.9@SHA256\n", push("--from", "out-before", "gateway").out());
  }

  private void apply(String folder, String... builds) {
    Ran ran =
        lab.run(
            Stream.concat(
                    Stream.of("build", "apply", "--config", "moonboot.yaml", "--output", folder),
                    Arrays.stream(builds))
                .toArray(String[]::new));
    assertEquals(0, ran.code(), ran.err());
  }

  @Test
  void what_the_registry_does_not_take_ends_it_with_1() {
    lab.registry.fault(Kind.UPLOAD, (_, _) -> FakeRegistryReply.of(403));
    Ran ran = push("compute");
    assertEquals(1, ran.code());
    assertTrue(ran.err().contains("moonboot: cannot push blob SHA256 to ghcr.io/acme/"), ran.err());
    assertTrue(ran.err().contains("that they may write to the repository"), ran.err());
  }

  /** Docker's own would be meant, where anybody can read it. */
  @Test
  void a_target_without_its_registry_is_refused() {
    assertEquals(
        "moonboot: --to: acme/installer: it does not say which registry; write"
            + " ghcr.io/acme/installer, or docker.io/acme/installer",
        first(push("--to", "acme/installer", "compute")));
  }

  private static String first(Ran ran) {
    assertEquals(2, ran.code());
    return ran.err().lines().findFirst().orElse("");
  }

  @Test
  void wrong_words_are_told_before_any_work() {
    assertEquals(
        "moonboot: bare makes no installer image; add installer to channels.bare.build.outputs",
        first(push("--to", "ghcr.io/acme/installer", "bare")));
    assertEquals(
        "moonboot: --to: ghcr.io/acme/installer:v1: a repository without tag and digest, which come"
            + " of the release",
        first(push("--to", "ghcr.io/acme/installer:v1", "compute")));
    assertTrue(first(push("--tag", "no/tag", "compute")).startsWith("moonboot: --tag: image \""));
    assertTrue(first(push("computer")).startsWith("moonboot: computer is no build"));
    assertEquals(2, push().code());
    assertEquals(2, push("--to", "oci:somewhere", "compute").code());
    assertEquals(0, lab.registry.requests().size());
  }

  @Test
  void s_01_what_is_pushed_with_a_key_is_admitted_from_a_registry_without_referrers()
      throws Exception {
    OpenSslKey.write(lab.file("build.key"));
    Files.writeString(lab.file("build.pub"), SigningKey.read(lab.file("build.key")).publicPem());
    Path policy =
        Files.writeString(
            lab.file("policy.yaml"),
            """
            trust:
              default: require
              rules:
                - {match: "*", formats: [bundle-v0.3], any-of: [{key: {file: build.pub}}]}
            """);
    try (RealRegistry real = RealRegistry.start()) {
      Path config =
          lab.configure(
              BUILDS.replace("ARCH", "[amd64, arm64]") + "build: {signing-key: build.key}\n");
      Files.writeString(
          config,
          Files.readString(config)
              .replace("plain-http: [", "plain-http: [\"" + real.address() + "\", "));
      String to = real.address() + "/acme/installer";
      Ran ran = push("--to", to, "compute");
      assertEquals(0, ran.code(), ran.err());
      String before = attached(to);
      assertEquals(0, push("--to", to, "compute").code());
      assertEquals(before, attached(to), "what is signed is not signed again");
      Ran verified =
          lab.run(
              "verify",
              to + ":v1.13.9",
              "--policy",
              policy.toString(),
              "--plain-http",
              real.address());
      assertEquals(0, verified.code(), verified.out() + verified.err());
      assertTrue(verified.out().contains("(bundle-v0.3)"), verified.out());
      String inspected = skopeo("inspect", "--tls-verify=false", "docker://" + to + ":v1.13.9");
      assertTrue(inspected.contains("\"Architecture\": \"amd64\""), inspected);
    }
  }

  /** The list of what refers to the image, as the registry gives it. */
  private static String attached(String to) throws Exception {
    String digest =
        skopeo(
                "inspect",
                "--tls-verify=false",
                "--format",
                "{{.Digest}}",
                "docker://" + to + ":v1.13.9")
            .strip();
    String tag = digest.replace(':', '-');
    String list = skopeo("inspect", "--raw", "--tls-verify=false", "docker://" + to + ":" + tag);
    assertEquals(1, list.split("dev.sigstore.bundle.v0.3", -1).length - 1, list);
    return list
        + skopeo("inspect", "--raw", "--tls-verify=false", "docker://" + to + ":" + tag + ".sig");
  }

  private static String skopeo(String... words) throws Exception {
    List<String> line = new java.util.ArrayList<>(List.of(words));
    line.addFirst(Requires.program("skopeo").toString());
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), out);
    return out;
  }
}
