package dev.moonboot.assets.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.testing.FakeRegistry;
import dev.moonboot.testing.FakeRegistryAuth;
import dev.moonboot.testing.FakeRegistryProxy;
import dev.moonboot.testing.FakeRegistryReply;
import dev.moonboot.testing.FakeRegistryRequest;
import dev.moonboot.testing.FakeRegistryRequest.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pushing under the rules of pulling. */
class ImagePushTest {
  private static final Digest IMAGE = Digest.of("an image".getBytes(UTF_8));
  private static final String TAG = IMAGE.fileName();
  private static final byte[] LAYER = layer();

  @TempDir Path folder;
  private FakeRegistry registry = FakeRegistry.start();

  private static byte[] layer() {
    byte[] bytes = new byte[300_000];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private static SourceImage.Repository repository(String host) {
    return new SourceImage.Repository(host, "acme/installer");
  }

  private void push(RegistrySettings settings) throws IOException {
    push(registry.address(), settings, Progress.NONE);
  }

  private void push(String host, RegistrySettings settings, Progress progress) throws IOException {
    Path file = Files.write(folder.resolve("layer"), LAYER);
    List<ImagePush.Content> contents = new ArrayList<>(Referring.contents("one"));
    contents.add(new ImagePush.Content.OfFile(Digest.of(LAYER), file));
    ImagePush.push(
        repository(host), settings, contents, List.of(Referring.to(IMAGE, "one")), progress);
  }

  private void assertPushed() {
    ImagePush.Document document = Referring.to(IMAGE, "one");
    assertArrayEquals(document.bytes(), registry.manifestBytes(Digest.of(document.bytes())));
    assertTrue(
        registry.requests(Kind.UPLOAD).stream()
            .anyMatch(request -> request.body().length == LAYER.length));
  }

  private static RegistrySettings with(
      RegistrySettings settings, List<Path> extraCa, Set<String> plainHttp, @Nullable URI proxy) {
    return new RegistrySettings(
        plainHttp,
        extraCa,
        settings.realmHosts(),
        settings.dockerConfig(),
        proxy,
        List.of(),
        settings.timeouts());
  }

  @Test
  void an_authority_of_ones_own_counts_and_no_other_does() throws Exception {
    push(registry.settings());
    assertPushed();
    RegistrySettings without = with(registry.settings(), List.of(), Set.of(), null);
    RegistryException e = assertThrows(RegistryException.class, () -> push(without));
    assertEquals(Reason.UNREACHABLE, e.reason());
    assertTrue(
        String.valueOf(e.getMessage()).contains("if an authority of your own signed"),
        e.getMessage());
  }

  @Test
  void what_is_there_is_not_sent_again_and_progress_is_told() throws Exception {
    List<Long> told = Collections.synchronizedList(new ArrayList<>());
    var progress =
        new Progress() {
          @Override
          public void bytes(long done, long total) {
            assertEquals(LAYER.length + 5, total);
            told.add(done);
          }
        };
    push(registry.address(), registry.settings(), progress);
    assertEquals(told.stream().sorted().toList(), told);
    assertEquals(LAYER.length + 5, told.getLast());
    assertTrue(told.size() > 5, "the file came in pieces: " + told);
    registry.forget();
    push(registry.settings());
    assertEquals(0, registry.count(Kind.UPLOAD));
  }

  @Test
  void a_token_is_asked_for_that_may_write() throws Exception {
    registry.require(FakeRegistryAuth.bearer("ci", "secret"));
    push(registry.settings("ci", "secret"));
    assertPushed();
    assertEquals(
        "service=fake&scope=repository:acme/installer:pull,push",
        registry.requests(Kind.TOKEN).getFirst().query());
  }

  @Test
  void r_10_a_token_server_of_another_domain_gets_no_credentials_for_a_push_either() {
    try (FakeRegistry thief = FakeRegistry.startPlain()) {
      registry.require(
          FakeRegistryAuth.bearer("ci", "secret")
              .withRealm("https://token.example.com:" + thief.port() + "/token"));
      RegistryException e =
          assertThrows(RegistryException.class, () -> push(registry.settings("ci", "secret")));
      assertEquals(Reason.AUTH_REALM_REFUSED, e.reason());
      assertEquals(List.of(), thief.requests());
    }
  }

  @Test
  void who_may_not_write_is_told_so() {
    registry.require(FakeRegistryAuth.basic("ci", "secret"));
    RegistryException e =
        assertThrows(RegistryException.class, () -> push(registry.settings("ci", "wrong")));
    assertEquals(Reason.AUTH_FAILED, e.reason());
    assertTrue(
        String.valueOf(e.getMessage()).contains("that they may write to the repository"),
        e.getMessage());
  }

  @Test
  void it_goes_through_the_proxy() throws Exception {
    registry.close();
    registry = FakeRegistry.startPlain();
    try (var proxy = FakeRegistryProxy.start(registry.port(), "")) {
      push(
          "registry.example.internal",
          with(
              registry.settings(),
              List.of(),
              Set.of("registry.example.internal"),
              URI.create("http://" + proxy.address())),
          Progress.NONE);
      assertPushed();
      assertTrue(proxy.connects().contains("registry.example.internal:80"));
    }
  }

  @Test
  void a_registry_that_has_a_name_gets_the_whole_file() throws Exception {
    registry.close();
    registry = FakeRegistry.startPlain();
    String host = "localhost:" + registry.port();
    push(host, with(registry.settings(), List.of(), Set.of(host), null), Progress.NONE);
    assertPushed();
  }

  @Test
  void an_upload_that_goes_on_elsewhere_is_not_followed() {
    registry.fault(
        Kind.UPLOAD,
        (_, right) -> right.withHeader("Location", "https://elsewhere.example.com/upload"));
    RegistryException e = assertThrows(RegistryException.class, () -> push(registry.settings()));
    assertEquals(Reason.REDIRECT_REFUSED, e.reason());
  }

  @Test
  void what_was_cut_is_sent_again() throws Exception {
    registry.fault(
        request -> request.method().equals("PUT"),
        2,
        (_, right) -> right.with(FakeRegistryReply.HeaderDelivery.HUNG_UP));
    push(registry.settings());
    assertPushed();
  }

  @Test
  void what_the_registry_says_of_an_error_is_told() {
    registry.fault(
        Kind.PUT_MANIFEST,
        (_, _) ->
            FakeRegistryReply.of(
                400,
                Map.of("Content-Type", "application/json"),
                "{\"errors\":[{\"code\":\"MANIFEST_INVALID\",\"message\":\"no\\u001b[1m\"}]}"
                    .getBytes(UTF_8)));
    RegistryException e = assertThrows(RegistryException.class, () -> push(registry.settings()));
    assertTrue(
        String.valueOf(e.getMessage())
            .endsWith(" (MANIFEST_INVALID: no?[1m): unexpected answer 400"),
        e.getMessage());
  }

  @Test
  void a_proxy_that_takes_no_whole_layer_is_named_with_its_limit() {
    registry.fault(
        request -> request.method().equals("PUT") && request.kind() == Kind.UPLOAD,
        1,
        (_, _) -> FakeRegistryReply.of(413));
    RegistryException e = assertThrows(RegistryException.class, () -> push(registry.settings()));
    assertEquals(Reason.TOO_LARGE, e.reason());
    assertTrue(
        String.valueOf(e.getMessage()).endsWith("(nginx: client_max_body_size)"), e.getMessage());
  }

  @Test
  void a_registry_that_lists_what_refers_to_an_image_needs_no_tag_for_it() throws Exception {
    push(registry.settings());
    assertEquals(1, registry.count(Kind.PUT_MANIFEST));
  }

  private List<String> tags() {
    return registry.requests(Kind.PUT_MANIFEST).stream()
        .map(FakeRegistryRequest::path)
        .map(path -> path.substring(path.lastIndexOf('/') + 1))
        .filter(reference -> !reference.contains(":"))
        .toList();
  }

  @Test
  void others_in_the_list_of_what_refers_to_an_image_stay() throws Exception {
    registry.referrersPage(0);
    String other =
        "{\"mediaType\":\"x\",\"digest\":\"sha256:00\",\"size\":1,\"annotations\":{\"a\":\"b\"}}";
    byte[] list =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s],\"annotations\":{\"c\":\"d\"}}"
            .formatted(MediaTypes.OCI_INDEX, other)
            .getBytes(UTF_8);
    registry.tag("acme/installer", TAG, registry.putManifest("", MediaTypes.OCI_INDEX, list));
    push(registry.settings());
    assertEquals(List.of(TAG), tags());
    Json.Obj longer =
        (Json.Obj)
            JsonText.parse(
                new String(registry.requests(Kind.PUT_MANIFEST).getLast().body(), UTF_8));
    List<Json> all = longer.array("manifests").orElseThrow();
    assertEquals(JsonText.parse(other), all.getFirst());
    ImagePush.Document document = Referring.to(IMAGE, "one");
    assertEquals(
        JsonText.parse(
            """
            {"mediaType":"%s","digest":"%s","size":%d,"artifactType":"%s","annotations":{"text":"one"}}
            """
                .formatted(
                    MediaTypes.OCI_MANIFEST,
                    Digest.of(document.bytes()),
                    document.bytes().length,
                    Referring.TYPE)),
        all.getLast());
    assertEquals("d", longer.object("annotations").orElseThrow().text("c").orElseThrow());
    push(registry.settings()); // and once is enough
    assertEquals(List.of(TAG), tags());
  }

  @Test
  void a_tag_that_is_no_list_of_what_refers_to_an_image_is_left_as_it_is() {
    registry.referrersPage(0);
    byte[] image = "{\"schemaVersion\":2,\"layers\":[]}".getBytes(UTF_8);
    registry.tag("acme/installer", TAG, registry.putManifest("", MediaTypes.OCI_MANIFEST, image));
    RegistryException e = assertThrows(RegistryException.class, () -> push(registry.settings()));
    assertEquals(Reason.MALFORMED, e.reason());
    assertEquals(List.of(), tags());
    assertNull(e.retryAfter().orElse(null));
  }

  @Test
  void a_registry_that_is_not_there_is_told_with_its_name() {
    RegistryException e =
        assertThrows(
            RegistryException.class,
            () ->
                push(
                    "127.0.0.1:1",
                    with(registry.settings(), List.of(), Set.of("127.0.0.1:1"), null),
                    Progress.NONE));
    assertEquals(Reason.UNREACHABLE, e.reason());
    assertTrue(String.valueOf(e.getMessage()).contains("127.0.0.1:1/acme/installer"));
  }
}
