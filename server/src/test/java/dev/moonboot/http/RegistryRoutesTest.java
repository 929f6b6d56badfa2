package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.Release;
import dev.moonboot.testing.TestImages;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client of a registry is answered (OCI distribution-spec 1.1). */
class RegistryRoutesTest {
  private static final String REPOSITORY = "/v2/installer/compute/";

  @TempDir Path folder;
  private InstallerLab lab;
  private Release release;

  @BeforeEach
  void start() throws Exception {
    lab = new InstallerLab(folder, null);
    release = lab.publish(InstallerLab.CONTENT);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private Asset index() {
    return InstallerFiles.index(release).orElseThrow();
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/", "/v2"})
  void says_that_a_registry_is_here(String path) throws Exception {
    HttpResponse<byte[]> answer = lab.get(path);
    assertEquals(200, answer.statusCode());
    assertEquals("registry/2.0", header(answer, "Docker-Distribution-Api-Version"));
    assertEquals("{}", text(answer));
  }

  @Test
  void the_version_the_release_and_latest_name_the_image() throws Exception {
    for (String tag : List.of("v1.13.9", "latest", release.digest().fileName())) {
      HttpResponse<byte[]> answer = lab.get(REPOSITORY + "manifests/" + tag);
      assertEquals(200, answer.statusCode(), tag);
      assertEquals(InstallerFiles.INDEX_TYPE, header(answer, "Content-Type"));
      assertEquals(index().digest().toString(), header(answer, "Docker-Content-Digest"));
      assertEquals("no-cache", header(answer, "Cache-Control"));
      assertArrayEquals(Files.readAllBytes(index().file()), answer.body());
    }
  }

  @Test
  void everything_of_the_image_is_there_by_digest() throws Exception {
    for (Asset manifest : InstallerFiles.manifests(release).toList()) {
      HttpResponse<byte[]> answer = lab.get(REPOSITORY + "manifests/" + manifest.digest());
      assertEquals(InstallerFiles.MANIFEST_TYPE, header(answer, "Content-Type"));
      assertEquals(manifest.digest(), Digest.of(answer.body()));
    }
    List<Asset> blobs = InstallerFiles.blobs(release).toList();
    assertEquals(6, blobs.size());
    for (Asset blob : blobs) {
      HttpResponse<byte[]> answer = lab.get(REPOSITORY + "blobs/" + blob.digest());
      assertEquals(blob.digest(), Digest.of(answer.body()));
      assertEquals("application/octet-stream", header(answer, "Content-Type"));
      assertEquals("public, max-age=31536000, immutable", header(answer, "Cache-Control"));
    }
  }

  @Test
  void head_says_what_get_would() throws Exception {
    for (String path : List.of("manifests/v1.13.9", "manifests/" + index().digest())) {
      HttpResponse<byte[]> answer = lab.ask("HEAD", REPOSITORY + path);
      assertEquals(200, answer.statusCode());
      assertEquals(0, answer.body().length);
      assertEquals(String.valueOf(index().size()), header(answer, "Content-Length"));
      assertEquals(index().digest().toString(), header(answer, "Docker-Content-Digest"));
      assertEquals(InstallerFiles.INDEX_TYPE, header(answer, "Content-Type"));
    }
  }

  @Test
  void a_blob_is_resumed() throws Exception {
    Asset layer = release.asset(Arch.ARM64, InstallerFiles.layer(1)).orElseThrow();
    byte[] whole = Files.readAllBytes(layer.file());
    HttpResponse<byte[]> answer =
        lab.get(REPOSITORY + "blobs/" + layer.digest(), "Range", "bytes=1000-");
    assertEquals(206, answer.statusCode());
    assertEquals(
        "bytes 1000-%d/%d".formatted(whole.length - 1, whole.length),
        header(answer, "Content-Range"));
    assertArrayEquals(Arrays.copyOfRange(whole, 1000, whole.length), answer.body());
  }

  @Test
  void lists_tags_in_parts() throws Exception {
    String all = release.digest().fileName();
    assertEquals(
        "{\"name\":\"installer/compute\",\"tags\":[\"latest\",\"%s\",\"v1.13.9\"]}".formatted(all),
        text(lab.get(REPOSITORY + "tags/list")));
    HttpResponse<byte[]> first = lab.get(REPOSITORY + "tags/list?n=1");
    assertEquals("{\"name\":\"installer/compute\",\"tags\":[\"latest\"]}", text(first));
    assertEquals(
        "</v2/installer/compute/tags/list?n=1&last=latest>; rel=\"next\"", header(first, "Link"));
    assertEquals(
        "{\"name\":\"installer/compute\",\"tags\":[\"v1.13.9\"]}",
        text(lab.get(REPOSITORY + "tags/list?n=5&last=" + all)));
  }

  @Test
  void an_older_version_keeps_its_tag() throws Exception {
    var next = new TestImages.Content("v1.14.0", "6.18.9-talos", "x", List.of(), 4096, 7);
    Release newer = lab.publish(next);
    assertEquals(
        index().digest().toString(),
        header(lab.get(REPOSITORY + "manifests/v1.13.9"), "Docker-Content-Digest"));
    assertEquals(
        InstallerFiles.index(newer).orElseThrow().digest().toString(),
        header(lab.get(REPOSITORY + "manifests/latest"), "Docker-Content-Digest"));
  }

  private void assertError(int status, String code, HttpResponse<byte[]> answer) {
    assertEquals(status, answer.statusCode(), text(answer));
    assertEquals("application/json", header(answer, "Content-Type"));
    assertTrue(
        text(answer).startsWith("{\"errors\":[{\"code\":\"" + code + "\",\"message\":\""),
        text(answer));
  }

  @Test
  void says_what_is_not_there_in_the_specifications_words() throws Exception {
    String nobody = Digest.of(new byte[1]).toString();
    assertError(404, "MANIFEST_UNKNOWN", lab.get(REPOSITORY + "manifests/v9.9.9"));
    assertError(404, "MANIFEST_UNKNOWN", lab.get(REPOSITORY + "manifests/" + nobody));
    assertError(404, "BLOB_UNKNOWN", lab.get(REPOSITORY + "blobs/" + nobody));
    assertError(400, "DIGEST_INVALID", lab.get(REPOSITORY + "blobs/sha512:00"));
    assertError(404, "NAME_UNKNOWN", lab.get("/v2/library/debian/manifests/latest"));
    assertError(404, "NAME_UNKNOWN", lab.get("/v2/installer/plain/manifests/latest"));
    assertError(404, "NAME_UNKNOWN", lab.get("/v2/installer/bare/tags/list"));
    assertError(404, "NAME_UNKNOWN", lab.get("/v2/_catalog"));
  }

  @Test
  void a_channel_without_a_release_yet_is_to_be_asked_again() throws Exception {
    HttpResponse<byte[]> answer = lab.get("/v2/installer/fresh/manifests/latest");
    assertError(503, "UNAVAILABLE", answer);
    assertEquals("10", header(answer, "Retry-After"));
  }

  @Test
  void only_what_belongs_to_a_repository_is_found_in_it() throws Exception {
    Asset kernel = release.asset(Arch.AMD64, AssetName.VMLINUZ).orElseThrow();
    assertError(404, "BLOB_UNKNOWN", lab.get(REPOSITORY + "blobs/" + kernel.digest()));
    assertError(404, "BLOB_UNKNOWN", lab.get(REPOSITORY + "blobs/" + index().digest()));
    assertError(
        404, "MANIFEST_UNKNOWN", lab.get("/v2/installer/fresh/manifests/" + index().digest()));
  }

  @Test
  void what_is_damaged_is_not_served() throws Exception {
    lab.releases.damaged(Set.of(release.digest()), lab.releases::held);
    assertError(503, "UNAVAILABLE", lab.get(REPOSITORY + "manifests/latest"));
    Asset layer = InstallerFiles.blobs(release).findFirst().orElseThrow();
    assertError(404, "BLOB_UNKNOWN", lab.get(REPOSITORY + "blobs/" + layer.digest()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "POST", "PATCH", "DELETE"})
  void nothing_can_be_put_here(String method) throws Exception {
    HttpResponse<byte[]> answer = lab.ask(method, REPOSITORY + "blobs/uploads/");
    assertError(405, "UNSUPPORTED", answer);
    assertEquals("GET, HEAD", header(answer, "Allow"));
  }

  @Test
  void an_unsigned_image_has_no_referrers() throws Exception {
    HttpResponse<byte[]> answer = lab.get(REPOSITORY + "referrers/" + index().digest());
    assertEquals(200, answer.statusCode());
    assertEquals(InstallerFiles.INDEX_TYPE, header(answer, "Content-Type"));
    assertEquals(
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[]}"
            .formatted(InstallerFiles.INDEX_TYPE),
        text(answer));
  }

  @Test
  void who_comes_while_all_places_are_taken_is_told_in_the_registrys_way() throws Exception {
    var none =
        new HttpLimits(
            HttpLimits.DEFAULT.firstByte(),
            HttpLimits.DEFAULT.head(),
            HttpLimits.DEFAULT.idle(),
            HttpLimits.DEFAULT.stall(),
            HttpLimits.DEFAULT.ratePeriod(),
            HttpLimits.DEFAULT.bytesPerSecond(),
            HttpLimits.DEFAULT.connections(),
            HttpLimits.DEFAULT.connectionsPerAddress(),
            HttpLimits.DEFAULT.requestsPerConnection(),
            0,
            HttpLimits.DEFAULT.mappingIdle());
    try (InstallerLab full = new InstallerLab(folder.resolve("full"), null, none)) {
      full.publish(InstallerLab.CONTENT);
      HttpResponse<byte[]> answer = full.get(REPOSITORY + "manifests/latest");
      assertError(429, "TOOMANYREQUESTS", answer);
      assertEquals("5", header(answer, "Retry-After"));
    }
  }

  @Test
  void a_listener_without_installer_images_is_no_registry() throws Exception {
    try (BootFixture plain = BootFixture.start(folder.resolve("plain"))) {
      HttpClient client = HttpClient.newHttpClient();
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + plain.address().getPort() + "/v2/"))
              .build();
      assertEquals(404, client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
      client.close();
    }
  }

  @Test
  void a_digest_may_be_percent_encoded_as_any_text_of_a_path() throws Exception {
    String digest = index().digest().toString().replace(":", "%3A");
    HttpResponse<byte[]> answer = lab.get(REPOSITORY + "manifests/" + digest);
    assertEquals(200, answer.statusCode());
    assertEquals(index().digest(), Digest.of(answer.body()));
    assertError(404, "NAME_UNKNOWN", lab.get(REPOSITORY + "manifests/late%2Fst"));
    assertError(400, "NAME_INVALID", lab.get(REPOSITORY + "manifests/%ff"));
  }

  @Test
  void a_locale_with_digits_of_its_own_does_not_lose_the_next_page() throws Exception {
    Locale locale = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertEquals(
          "</v2/installer/compute/tags/list?n=1&last=latest>; rel=\"next\"",
          header(lab.get(REPOSITORY + "tags/list?n=1"), "Link"));
    } finally {
      Locale.setDefault(locale);
    }
  }
}
