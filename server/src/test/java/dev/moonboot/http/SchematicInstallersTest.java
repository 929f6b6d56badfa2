package dev.moonboot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Fetched;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.schematic.Schematic;
import dev.moonboot.assets.verify.SigningKey;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The repositories below {@code /v2/} that an Image Factory has for each schematic. */
class SchematicInstallersTest {
  private static final String TEXT = "customization: {extraKernelArgs: [a=b]}";
  private static final String ID = Schematic.parse(TEXT).id();
  private static final String REPOSITORY = "/v2/installer/" + ID + "/";

  @TempDir Path folder;
  private FactoryFixture fixture;

  @BeforeEach
  void start() throws IOException {
    fixture = new FactoryFixture(folder.resolve("plain"), Map.of());
    fixture.post(TEXT);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private RawClient.Answer get(String target, String... headers) throws IOException {
    return RawClient.get(fixture.address(), target, headers);
  }

  private RawClient.Answer pulled(String manifest) throws IOException {
    fixture.permits.release();
    RawClient.Answer answer = get(manifest);
    assertEquals(200, answer.status(), answer.text());
    return answer;
  }

  private static Json.Obj json(RawClient.Answer answer) {
    return (Json.Obj) JsonText.parse(answer.text());
  }

  private static List<String> digests(Json.Obj of, String member) {
    return of.array(member).orElseThrow().stream()
        .map(each -> ((Json.Obj) each).text("digest").orElseThrow())
        .toList();
  }

  private static void assertError(int status, String code, RawClient.Answer answer) {
    assertEquals(status, answer.status(), answer.text());
    assertTrue(answer.text().startsWith("{\"errors\":[{\"code\":\"" + code + "\""), answer.text());
  }

  @Test
  void who_asks_for_what_is_not_made_yet_is_held_until_it_is() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<RawClient.Answer>> asked = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        asked.add(threads.submit(() -> get(REPOSITORY + "manifests/v1.13.9")));
      }
      BootFixture.await("the order", () -> !fixture.made.isEmpty());
      fixture.permits.release(5);
      for (Future<RawClient.Answer> each : asked) {
        assertEquals(200, each.get().status());
      }
    }
    assertEquals(1, fixture.made.size());
  }

  @Test
  void one_index_has_the_images_of_both_architectures_and_all_their_blobs() throws IOException {
    RawClient.Answer index = pulled(REPOSITORY + "manifests/v1.13.9");
    assertEquals(InstallerFiles.INDEX_TYPE, index.header("Content-Type"));
    Digest digest = Digest.of(index.body());
    assertEquals(digest.toString(), index.header("Docker-Content-Digest"));
    assertEquals(index.text(), get(REPOSITORY + "manifests/" + digest).text());
    List<String> arches = new ArrayList<>();
    for (String image : digests(json(index), "manifests")) {
      RawClient.Answer manifest = get(REPOSITORY + "manifests/" + image);
      assertEquals(image, Digest.of(manifest.body()).toString());
      String config =
          json(manifest).object("config").flatMap(of -> of.text("digest")).orElseThrow();
      arches.add(json(get(REPOSITORY + "blobs/" + config)).text("architecture").orElseThrow());
      for (String layer : digests(json(manifest), "layers")) {
        assertEquals(layer, Digest.of(get(REPOSITORY + "blobs/" + layer).body()).toString());
      }
    }
    assertEquals(List.of("amd64", "arm64"), arches);
    RawClient.Answer head =
        RawClient.ask(fixture.address(), "HEAD", REPOSITORY + "manifests/v1.13.9");
    assertEquals(index.header("Content-Length"), head.header("Content-Length"));
    assertEquals(1, fixture.made.size());
  }

  @Test
  void latest_is_the_newest_version_that_is_no_pre_release() throws IOException {
    String latest = pulled(REPOSITORY + "manifests/latest").text();
    assertEquals(latest, pulled(REPOSITORY + "manifests/v1.13.10").text());
    assertNotEquals(latest, pulled(REPOSITORY + "manifests/v1.13.9").text());
    assertEquals(2, fixture.made.size());
  }

  @Test
  void each_platform_has_its_own() throws IOException {
    String metal = pulled(REPOSITORY + "manifests/v1.13.9").text();
    assertEquals(metal, pulled("/v2/metal-installer/" + ID + "/manifests/v1.13.9").text());
    assertNotEquals(metal, pulled("/v2/nocloud-installer/" + ID + "/manifests/v1.13.9").text());
    assertEquals(2, fixture.made.size());
  }

  @Test
  void lists_versions_whether_they_were_made_or_not() throws IOException {
    assertEquals(
        "{\"name\":\"installer/"
            + ID
            + "\",\"tags\":[\"latest\",\"v1.13.10\",\"v1.13.9\",\"v1.14.0-beta.0\"]}",
        get(REPOSITORY + "tags/list").text());
    assertEquals(List.of(), fixture.made);
  }

  @ParameterizedTest
  @CsvSource({
    "/v2/installer/ID/manifests/v1.13.8, 404, MANIFEST_UNKNOWN",
    "/v2/installer/ID/manifests/nightly, 400, MANIFEST_INVALID",
    "/v2/installer/0000000000000000000000000000000000000000000000000000000000000000/manifests/v1.13.9,"
        + " 404, MANIFEST_UNKNOWN",
    "/v2/installer/0000000000000000000000000000000000000000000000000000000000000000/tags/list,"
        + " 404, MANIFEST_UNKNOWN",
    "/v2/toaster-installer/ID/manifests/v1.13.9, 404, NAME_UNKNOWN",
    "/v2/installer-secureboot/ID/manifests/v1.13.9, 404, NAME_UNKNOWN",
    "/v2/installer/ID/x/manifests/v1.13.9, 404, NAME_UNKNOWN",
    "/v2/installer/ID/manifests/sha256:0000000000000000000000000000000000000000000000000000000000000000,"
        + " 404, MANIFEST_UNKNOWN",
    "/v2/installer/ID/blobs/sha256:0000000000000000000000000000000000000000000000000000000000000000,"
        + " 404, BLOB_UNKNOWN",
    "/v2/installer/ID/manifests/sha256-0.sig, 404, MANIFEST_UNKNOWN"
  })
  void says_what_there_is_not_and_composes_nothing(String target, int status, String code)
      throws IOException {
    assertError(status, code, get(target.replace("ID", ID)));
    assertEquals(List.of(), fixture.made);
  }

  @Test
  void what_cannot_be_made_is_told_with_the_reason() throws IOException {
    fixture.making =
        _ -> new Fetched.Refused(Refresh.Grounds.CONTENT, "extension x: unmet constraint");
    fixture.permits.release();
    RawClient.Answer answer = get(REPOSITORY + "manifests/v1.13.9");
    assertError(400, "MANIFEST_INVALID", answer);
    assertTrue(answer.text().contains("extension x: unmet constraint"), answer.text());
    fixture.making = _ -> new Fetched.Failed(Refresh.Trouble.UNREACHABLE, "no registry", null);
    fixture.permits.release();
    assertError(503, "UNAVAILABLE", get(REPOSITORY + "manifests/v1.13.10"));
  }

  @Test
  void boards_are_refused_since_their_boot_files_are_not_made() throws IOException {
    String board =
        "{overlay: {image: siderolabs/sbc-raspberrypi, name: rpi_generic}, customization: {}}";
    fixture.post(board);
    assertError(
        400,
        "MANIFEST_INVALID",
        get("/v2/installer/" + Schematic.parse(board).id() + "/manifests/v1.13.9"));
  }

  @Test
  void who_is_held_when_the_appliance_stops_is_told_to_come_again() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<RawClient.Answer> asked = threads.submit(() -> get(REPOSITORY + "manifests/v1.13.9"));
      BootFixture.await("the order", () -> !fixture.made.isEmpty());
      fixture.factory.letGo();
      assertError(429, "TOOMANYREQUESTS", asked.get());
      assertEquals("5", asked.get().header("Retry-After"));
    }
  }

  @Test
  void what_was_made_is_not_made_again_after_a_start() throws IOException {
    RawClient.Answer index = pulled(REPOSITORY + "manifests/v1.13.9");
    fixture.close();
    fixture = new FactoryFixture(folder.resolve("plain"), Map.of());
    assertEquals(index.text(), get(REPOSITORY + "manifests/v1.13.9").text());
    assertEquals(200, get(REPOSITORY + "manifests/" + Digest.of(index.body())).status());
    assertEquals(List.of(), fixture.made);
  }

  @Test
  void only_what_belongs_to_a_repository_is_found_in_it() throws IOException {
    Digest index = Digest.of(pulled(REPOSITORY + "manifests/v1.13.9").body());
    String plain = "/v2/installer/" + Schematic.EMPTY.id() + "/manifests/";
    assertError(404, "MANIFEST_UNKNOWN", get(plain + index));
    assertError(
        404, "MANIFEST_UNKNOWN", get("/v2/nocloud-installer/" + ID + "/manifests/" + index));
  }

  /** So no repository can be meant in two ways. */
  @Test
  void a_channel_cannot_be_called_what_a_schematic_is_called() {
    var image = new ImageReference(new SourceImage.Repository("ghcr.io", "a/b"), "x", null);
    assertThrows(IllegalArgumentException.class, () -> new Channel(ID, image, List.of(Arch.AMD64)));
  }

  @Test
  void images_are_signed_where_there_is_a_key() throws Exception {
    Path pem = folder.resolve("key.pem");
    Process openssl =
        new ProcessBuilder(
                Requires.program("openssl").toString(),
                "ecparam",
                "-name",
                "prime256v1",
                "-genkey",
                "-noout",
                "-out",
                pem.toString())
            .start();
    assertEquals(0, openssl.waitFor());
    Files.setPosixFilePermissions(pem, PosixFilePermissions.fromString("rw-------"));
    fixture.close();
    fixture = new FactoryFixture(folder.resolve("signed"), Map.of(), SigningKey.read(pem));
    fixture.post(TEXT);
    Digest index = Digest.of(pulled(REPOSITORY + "manifests/v1.13.9").body());
    RawClient.Answer legacy = get(REPOSITORY + "manifests/" + index.fileName() + ".sig");
    assertEquals(200, legacy.status());
    RawClient.Answer payload =
        get(REPOSITORY + "blobs/" + digests(json(legacy), "layers").getFirst());
    assertTrue(payload.text().contains("\"docker-reference\":\"installer/" + ID + "\""));
    assertTrue(payload.text().contains(index.toString()));
    RawClient.Answer referrers = get(REPOSITORY + "referrers/" + index);
    assertEquals(1, digests(json(referrers), "manifests").size());
    assertTrue(
        get(REPOSITORY + "tags/list").text().contains(index.fileName() + ".sig"), "listed tags");
  }
}
