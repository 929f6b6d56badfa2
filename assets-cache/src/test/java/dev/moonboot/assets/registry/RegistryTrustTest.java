package dev.moonboot.assets.registry;

import static dev.moonboot.assets.registry.RegistryLab.REPOSITORY;
import static dev.moonboot.assets.registry.RegistryLab.assertFails;
import static dev.moonboot.assets.registry.RegistryLab.blob;
import static dev.moonboot.assets.registry.RegistryLab.content;
import static dev.moonboot.testing.RegistryFixture.CONFIG;
import static dev.moonboot.testing.RegistryFixture.INDEX;
import static dev.moonboot.testing.RegistryFixture.MANIFEST;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.testing.FakeRegistryFault;
import dev.moonboot.testing.FakeRegistryRequest.Kind;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Content that is not what was asked for, or not what the specifications allow. */
class RegistryTrustTest {
  private static final int LOOKS = 3;
  private static final String DIGEST = "sha256:" + "a".repeat(64);

  @TempDir Path directory;
  private RegistryLab lab;
  private Registry registry;

  @BeforeEach
  void open() {
    lab = new RegistryLab();
    registry = lab.open();
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void r_01_a_pin_answered_with_another_digest_is_refused() {
    Digest asked = lab.fake.image(REPOSITORY, Arch.ARM64, content(10));
    Digest other = lab.fake.image(REPOSITORY, Arch.ARM64, content(20));
    lab.fake.fault(
        Kind.GET_MANIFEST,
        (request, right) -> right.withHeader("Docker-Content-Digest", other.toString()));
    lab.fake.forgeManifest(asked, MANIFEST, utf8("{}"));

    var failure = assertFails(Reason.DIGEST_MISMATCH, () -> registry.manifest(asked));

    assertTrue(String.valueOf(failure.getMessage()).contains(asked.toString()));
    assertEquals(3, lab.fake.count(Kind.GET_MANIFEST));
    Duration backoff = lab.fake.settings().timeouts().backoff();
    assertEquals(List.of(backoff, backoff.multipliedBy(4)), lab.pauses);
  }

  @Test
  void r_02_a_body_that_its_own_header_belies_is_refused() {
    Digest image = lab.fake.image(REPOSITORY, Arch.ARM64, content(10));
    lab.fake.fault(Kind.GET_MANIFEST, FakeRegistryFault.header("Docker-Content-Digest", DIGEST));
    assertFails(Reason.DIGEST_MISMATCH, () -> registry.manifest(image));
  }

  @Test
  void r_02_what_a_head_claims_is_checked_when_the_manifest_is_fetched() {
    Digest image = lab.fake.image(REPOSITORY, Arch.ARM64, content(10));
    lab.fake.tag(REPOSITORY, "demo", image);
    lab.fake.fault(Kind.HEAD_MANIFEST, FakeRegistryFault.header("Docker-Content-Digest", DIGEST));
    lab.fake.forgeManifest(Digest.parse(DIGEST), MANIFEST, utf8("{}"));
    assertFails(Reason.DIGEST_MISMATCH, () -> registry.manifest(registry.resolve("demo")));
  }

  @Test
  void r_03_a_forged_child_of_a_good_index_is_refused() {
    Digest image = lab.fake.image(REPOSITORY, Arch.ARM64, content(10));
    Digest index = lab.fake.index(REPOSITORY, Map.of(Arch.ARM64, image));
    lab.fake.forgeManifest(image, MANIFEST, utf8("{}"));
    assertFails(Reason.DIGEST_MISMATCH, () -> Platforms.select(registry, index, Arch.ARM64));
  }

  static Stream<Arguments> wrongBlobs() {
    return Stream.of(
        Arguments.of("one bit", FakeRegistryFault.flippedBit()),
        Arguments.of("one byte less", FakeRegistryFault.longerBy(-1)),
        Arguments.of("one byte more", FakeRegistryFault.longerBy(1)),
        Arguments.of(
            "one byte more, unannounced",
            (FakeRegistryFault)
                (request, right) ->
                    FakeRegistryFault.longerBy(1).apply(request, right).announcing(-1)),
        Arguments.of("announced as more", FakeRegistryFault.announcing(1_000_000)),
        Arguments.of("announced as less", FakeRegistryFault.announcing(10)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongBlobs")
  void r_04_a_wrong_blob_is_refused_and_nothing_of_it_kept(String what, FakeRegistryFault fault)
      throws IOException {
    byte[] bytes = content(100_000);
    lab.fake.putBlob(bytes);
    lab.fake.fault(Kind.BLOB, fault);
    Path part = directory.resolve("part");

    assertFails(Reason.DIGEST_MISMATCH, () -> registry.download(blob(bytes), part, Progress.NONE));
    assertEquals(0, Files.size(part), what);
    // A cut may be seen before the answer is: such a try counts as a failure, not as a mismatch.
    assertTrue(lab.fake.count(Kind.BLOB) >= 3 && lab.fake.count(Kind.BLOB) <= 8);
    assertFails(Reason.DIGEST_MISMATCH, () -> registry.read(blob(bytes), bytes.length));
  }

  @Test
  void r_04_nothing_is_taken_beyond_the_announced_size() {
    byte[] bytes = content(1000);
    lab.fake.putBlob(bytes);
    lab.fake.fault(Kind.BLOB, 1, (q, right) -> right.withBody(content(50_000_000)).announcing(-1));
    registry.download(
        blob(bytes),
        directory.resolve("part"),
        new Progress() {
          @Override
          public void bytes(long done, long total) {
            assertTrue(done <= 1000);
          }
        });
    assertEquals(2, lab.fake.count(Kind.BLOB));
  }

  @Test
  void a_part_that_was_wrong_from_the_start_is_fetched_anew() throws IOException {
    byte[] bytes = content(1000);
    lab.fake.putBlob(bytes);
    Path part = directory.resolve("part");
    Files.write(part, new byte[500]);
    registry.download(blob(bytes), part, Progress.NONE);
    assertArrayEquals(bytes, Files.readAllBytes(part));

    Files.write(part, content(2000));
    registry.download(blob(bytes), part, Progress.NONE);
    assertArrayEquals(bytes, Files.readAllBytes(part));
  }

  static Stream<Arguments> hostileManifests() {
    String config = "\"config\":" + descriptor("1");
    String head = "{\"schemaVersion\":2," + config + ",\"layers\":[";
    String layers =
        String.join(",", IntStream.range(0, 10_000).mapToObj(i -> descriptor("1")).toList());
    return Stream.of(
        Arguments.of(Reason.TOO_LARGE, " ".repeat(5 << 20) + "{}"),
        Arguments.of(Reason.MALFORMED, head + layers + "]}"),
        Arguments.of(
            Reason.TOO_LARGE,
            head + String.join(",", Collections.nCopies(65, descriptor("1"))) + "]}"),
        Arguments.of(Reason.MALFORMED, "[".repeat(10_000) + "]".repeat(10_000)),
        Arguments.of(Reason.MALFORMED, "[" + "{},".repeat(1_300_000) + "{}]"),
        Arguments.of(
            Reason.MALFORMED,
            head
                + "{\"mediaType\":\"x\",\"digest\":\""
                + DIGEST
                + "\",\"digest\":\""
                + DIGEST
                + "\",\"size\":1}]}"),
        Arguments.of(Reason.MALFORMED, head + descriptor("-1") + "]}"),
        Arguments.of(Reason.MALFORMED, head + descriptor("9223372036854775808") + "]}"),
        Arguments.of(Reason.MALFORMED, head + descriptor("1e9") + "]}"),
        Arguments.of(Reason.TOO_LARGE, head + descriptor("9223372036854775807") + "]}"),
        Arguments.of(Reason.MALFORMED, "{\"schemaVersion\":2}"),
        Arguments.of(Reason.MALFORMED, head + "],\"manifests\":[]}"));
  }

  private static String descriptor(String size) {
    return "{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar\",\"digest\":\"%s\",\"size\":%s}"
        .formatted(DIGEST, size);
  }

  @ParameterizedTest
  @MethodSource("hostileManifests")
  void r_06_a_hostile_manifest_is_refused_soon_and_in_little_memory(Reason reason, String text) {
    byte[] bytes = utf8(text);
    Digest digest = lab.fake.putManifest(REPOSITORY, MANIFEST, bytes);
    long least = Long.MAX_VALUE;
    for (int look = 0; look < LOOKS; look++) {
      least =
          Math.min(
              least, allocatedWhile(() -> assertFails(reason, () -> registry.manifest(digest))));
    }
    // All that was allocated, freed or not, so the heap grew by less. Of three looks, for the HTTP
    // client may do some of its own reading on the thread that waits for it.
    long allocated = least;
    assertTrue(allocated < 32 << 20, () -> allocated + " bytes");
  }

  /** How much this thread allocates for it, within 5 s. */
  private static long allocatedWhile(Runnable work) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    long start = System.nanoTime();
    work.run();
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(Duration.ofNanos(System.nanoTime() - start).compareTo(Duration.ofSeconds(5)) < 0);
    return allocated;
  }

  static Stream<Arguments> unknownManifests() {
    String layers = "\"config\":" + descriptor("1") + ",\"layers\":[]}";
    return Stream.of(
        Arguments.of(
            "application/vnd.docker.distribution.manifest.v1+prettyjws",
            "{\"schemaVersion\":1,\"fsLayers\":[]}",
            "schemaVersion"),
        Arguments.of(
            "application/vnd.acme+json", "{\"schemaVersion\":2," + layers, "vnd.acme+json"),
        Arguments.of(
            MANIFEST, "{\"schemaVersion\":2,\"mediaType\":\"" + INDEX + "\"," + layers, INDEX));
  }

  @ParameterizedTest
  @MethodSource("unknownManifests")
  void r_07_a_manifest_of_another_kind_is_refused_by_name(
      String contentType, String text, String named) {
    Digest digest = lab.fake.putManifest(REPOSITORY, contentType, utf8(text));
    var failure =
        assertFails(
            named.equals(INDEX) ? Reason.MALFORMED : Reason.UNSUPPORTED,
            () -> registry.manifest(digest));
    assertTrue(String.valueOf(failure.getMessage()).contains(named), failure.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sha512:aa",
        "md5:d41d8cd98f00b204e9800998ecf8427e",
        "sha256:../../x",
        "sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void r_08_digests_of_other_forms_are_refused_before_anything_is_asked(String bad) {
    String layer = "{\"mediaType\":\"x\",\"digest\":\"" + bad + "\",\"size\":1}";
    byte[] manifest =
        utf8("{\"schemaVersion\":2,\"config\":" + descriptor("1") + ",\"layers\":[" + layer + "]}");
    Digest digest = lab.fake.putManifest(REPOSITORY, MANIFEST, manifest);
    assertFails(
        bad.startsWith("sha512") ? Reason.UNSUPPORTED : Reason.MALFORMED,
        () -> Platforms.select(registry, digest, Arch.ARM64));
    assertEquals(1, lab.fake.requests().size());
  }

  @Test
  void r_09_urls_in_a_descriptor_are_never_followed() {
    byte[] layer = content(100);
    byte[] config =
        utf8(
            "{\"architecture\":\"arm64\",\"os\":\"linux\",\"rootfs\":"
                + "{\"type\":\"layers\",\"diff_ids\":[\""
                + Digest.of(layer)
                + "\"]}}");
    lab.fake.putBlob(config);
    String elsewhere =
        "{\"mediaType\":\"application/vnd.oci.image.layer.nondistributable.v1.tar\",\"digest\":\""
            + Digest.of(layer)
            + "\",\"size\":100,\"urls\":[\""
            + lab.fake.url()
            + "/stolen\"]}";
    Digest digest =
        lab.fake.putManifest(
            REPOSITORY,
            MANIFEST,
            utf8(
                "{\"schemaVersion\":2,\"config\":{\"mediaType\":\""
                    + CONFIG
                    + "\",\"digest\":\""
                    + Digest.of(config)
                    + "\",\"size\":"
                    + config.length
                    + "},\"layers\":["
                    + elsewhere
                    + "]}"));
    Descriptor found = Platforms.select(registry, digest, Arch.ARM64).layers().getFirst();
    assertFails(
        Reason.NOT_FOUND, () -> registry.download(found, directory.resolve("part"), Progress.NONE));
    assertEquals(0, lab.fake.count(Kind.OTHER));
  }

  @Test
  void without_a_digest_in_the_head_it_is_computed_from_the_manifest() {
    Digest image = lab.fake.image(REPOSITORY, Arch.ARM64, content(10));
    lab.fake.tag(REPOSITORY, "demo", image);
    lab.fake.fault(Kind.HEAD_MANIFEST, FakeRegistryFault.without("Docker-Content-Digest"));
    assertEquals(image, registry.resolve("demo"));
    lab.fake.heal();
    lab.fake.fault(Kind.HEAD_MANIFEST, FakeRegistryFault.status(405));
    assertEquals(image, registry.resolve("demo"));
  }

  @Test
  void r_26_an_unmoved_tag_costs_one_head_a_look() {
    Digest image = lab.fake.image(REPOSITORY, Arch.ARM64, content(10));
    lab.fake.tag(REPOSITORY, "demo", image);
    for (int i = 0; i < 100; i++) {
      assertEquals(image, registry.resolve("demo"));
    }
    assertEquals(100, lab.fake.count(Kind.HEAD_MANIFEST));
    assertEquals(100, lab.fake.requests().size());
  }
}
