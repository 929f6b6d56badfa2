package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.verify.SigningKey;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is signed here, and what stands beside files. */
class SignedInstallerTest {
  private static final String FOLDER = "/assets/talos/compute/";

  @TempDir Path folder;
  private SigningKey key;

  @BeforeEach
  void makeKey() throws Exception {
    run("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem");
    key = SigningKey.read(folder.resolve("key.pem"));
    Files.writeString(folder.resolve("key.pub"), key.publicPem());
  }

  private String run(String line) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(line.split(" ")));
    command.set(0, Requires.program(command.getFirst()).toString());
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), line + "\n" + out);
    return out;
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  @Test
  void what_is_published_while_what_was_held_is_signed_has_its_signature() throws Exception {
    try (InstallerLab lab = new InstallerLab(folder.resolve("lab"), key)) {
      Release before = lab.publish(InstallerLab.CONTENT);
      Thread look = new Thread(() -> lab.releases.keep(lab.releases::held));
      Release next;
      synchronized (lab.signatures) {
        look.start();
        BootFixture.await("it waits", () -> look.getState() == Thread.State.BLOCKED);
        next = lab.publish(InstallerLab.CONTENT.withSeed(2));
      }
      look.join();
      List<Digest> known = assets(before).map(Asset::digest).toList();
      Asset changed =
          assets(next).filter(asset -> !known.contains(asset.digest())).findFirst().orElseThrow();
      String path = FOLDER + next.digest().fileName() + "/arm64/" + changed.name().fileName();
      assertEquals(200, lab.get(path).statusCode(), path);
      assertEquals(200, lab.get(path + ".sigstore.json").statusCode(), path);
    }
  }

  private static Stream<Asset> assets(Release release) {
    return Optional.ofNullable(release.builds().get(Arch.ARM64))
        .orElseThrow()
        .assets()
        .values()
        .stream();
  }

  @Test
  void openssl_verifies_what_stands_beside_a_file() throws Exception {
    try (InstallerLab lab = new InstallerLab(folder.resolve("lab"), key)) {
      Release release = lab.publish(InstallerLab.CONTENT);
      for (String path :
          List.of(
              "vmlinuz-arm64", "arm64/vmlinuz", release.digest().fileName() + "/arm64/vmlinuz")) {
        Files.write(folder.resolve("vmlinuz"), lab.get(FOLDER + path).body());
        HttpResponse<byte[]> answer = lab.get(FOLDER + path + ".sigstore.json");
        assertEquals(200, answer.statusCode(), path);
        assertEquals(
            "application/vnd.dev.sigstore.bundle.v0.3+json", header(answer, "Content-Type"));
        assertEquals("no-cache", header(answer, "Cache-Control"));
        Json.Obj bundle =
            assertInstanceOf(Json.Obj.class, JsonText.parse(new String(answer.body(), UTF_8)));
        String signature =
            bundle.object("messageSignature").flatMap(m -> m.text("signature")).orElseThrow();
        Files.write(folder.resolve("signature"), Base64.getDecoder().decode(signature));
        assertEquals(
            "Verified OK\n",
            run("openssl dgst -sha256 -verify key.pub -signature signature vmlinuz"));
      }
    }
  }

  @Test
  void the_sha512_beside_a_file_is_that_of_the_file() throws Exception {
    try (InstallerLab lab = new InstallerLab(folder.resolve("lab"), key)) {
      lab.publish(InstallerLab.CONTENT);
      for (String path :
          List.of(
              "amd64/vmlinuz",
              "vmlinuz-amd64",
              "amd64/installer/layer-1",
              "amd64/SHA512SUMS",
              "release-amd64.json")) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        Files.write(folder.resolve(name), lab.get(FOLDER + path).body());
        HttpResponse<byte[]> sum = lab.get(FOLDER + path + ".sha512");
        assertEquals(200, sum.statusCode(), path);
        assertEquals("text/plain; charset=utf-8", header(sum, "Content-Type"));
        Files.write(folder.resolve("sum"), sum.body());
        assertEquals(name + ": OK\n", run("sha512sum -c sum"));
      }
    }
  }

  @Test
  void says_why_nothing_stands_beside_a_file() throws Exception {
    try (InstallerLab lab = new InstallerLab(folder.resolve("lab"), null)) {
      Release release = lab.publish(InstallerLab.CONTENT);
      HttpResponse<byte[]> unsigned = lab.get(FOLDER + "amd64/vmlinuz.sigstore.json");
      assertEquals(404, unsigned.statusCode());
      assertEquals(
          "it is not signed: only what is composed here is", header(unsigned, "Moonboot-Reason"));
      Release pulled =
          new Release(Digest.of(new byte[9]), "ghcr.io/a/b:x", release.builds(), release.created());
      lab.releases.advance("plain", List.of(pulled));
      HttpResponse<byte[]> none = lab.get("/assets/talos/plain/amd64/nothing.sha512");
      assertEquals(404, none.statusCode());
      assertEquals(
          "there is no SHA-512 of it: only releases that are composed here have them",
          header(none, "Moonboot-Reason"));
      assertEquals(503, lab.get("/assets/talos/fresh/amd64/vmlinuz.sigstore.json").statusCode());
    }
  }

  @Test
  void a_signature_is_the_same_after_a_restart() throws Exception {
    String path = FOLDER + "amd64/vmlinuz.sigstore.json";
    byte[] before;
    HttpResponse<byte[]> image;
    Path place = folder.resolve("lab");
    try (InstallerLab lab = new InstallerLab(place, key)) {
      Release release = lab.publish(InstallerLab.CONTENT);
      before = lab.get(path).body();
      image = lab.get(signatureOf(release));
      assertEquals(200, image.statusCode());
    }
    Path again = folder.resolve("again");
    Files.createDirectories(again.resolve("state"));
    Files.copy(place.resolve("state/signatures.json"), again.resolve("state/signatures.json"));
    try (InstallerLab lab = new InstallerLab(again, key)) {
      Release release = lab.publish(InstallerLab.CONTENT);
      assertArrayEquals(before, lab.get(path).body());
      assertArrayEquals(image.body(), lab.get(signatureOf(release)).body());
    }
  }

  private static String signatureOf(Release release) {
    return "/v2/installer/compute/manifests/"
        + InstallerFiles.index(release).orElseThrow().digest().fileName()
        + ".sig";
  }

  @Test
  void the_bundle_is_a_referrer_of_the_image() throws Exception {
    try (InstallerLab lab = new InstallerLab(folder.resolve("lab"), key)) {
      Asset index = InstallerFiles.index(lab.publish(InstallerLab.CONTENT)).orElseThrow();
      String type = "application/vnd.dev.sigstore.bundle.v0.3%2Bjson";
      String path = "/v2/installer/compute/referrers/" + index.digest();
      HttpResponse<byte[]> answer = lab.get(path + "?artifactType=" + type);
      HttpResponse<byte[]> byHand =
          lab.get(path + "?artifactType=application/vnd.dev.sigstore.bundle.v0.3+json");
      assertArrayEquals(answer.body(), byHand.body());
      assertEquals("artifactType", header(answer, "OCI-Filters-Applied"));
      Json.Obj list = (Json.Obj) JsonText.parse(new String(answer.body(), UTF_8));
      List<Json> found = list.array("manifests").orElseThrow();
      assertEquals(1, found.size());
      assertEquals(
          "application/vnd.dev.sigstore.bundle.v0.3+json",
          ((Json.Obj) found.getFirst()).text("artifactType").orElseThrow());
      HttpResponse<byte[]> others = lab.get(path + "?artifactType=application/spdx");
      assertTrue(new String(others.body(), UTF_8).endsWith("\"manifests\":[]}"));
      HttpResponse<byte[]> fallback =
          lab.get("/v2/installer/compute/manifests/" + index.digest().fileName());
      assertEquals(list, JsonText.parse(new String(fallback.body(), UTF_8)));
    }
  }

  @Test
  void another_key_signs_anew() throws Exception {
    run("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out other.pem");
    SigningKey other = SigningKey.read(folder.resolve("other.pem"));
    Path place = folder.resolve("lab");
    String path = FOLDER + "amd64/vmlinuz.sigstore.json";
    byte[] before;
    try (InstallerLab lab = new InstallerLab(place, key)) {
      lab.publish(InstallerLab.CONTENT);
      before = lab.get(path).body();
    }
    try (InstallerLab lab = new InstallerLab(folder.resolve("other"), other)) {
      Release release = lab.publish(InstallerLab.CONTENT);
      byte[] after = lab.get(path).body();
      assertTrue(!Arrays.equals(before, after));
      assertTrue(release.asset(Arch.AMD64, AssetName.VMLINUZ).isPresent());
    }
  }
}
