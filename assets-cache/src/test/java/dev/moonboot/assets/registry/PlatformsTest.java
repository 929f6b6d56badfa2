package dev.moonboot.assets.registry;

import static dev.moonboot.assets.registry.RegistryLab.REPOSITORY;
import static dev.moonboot.assets.registry.RegistryLab.assertFails;
import static dev.moonboot.assets.registry.RegistryLab.content;
import static dev.moonboot.testing.RegistryFixture.CONFIG;
import static dev.moonboot.testing.RegistryFixture.INDEX;
import static dev.moonboot.testing.RegistryFixture.MANIFEST;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.testing.FakeRegistryRequest.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlatformsTest {
  private RegistryLab lab;
  private Registry registry;
  private Digest arm;
  private Digest amd;

  @BeforeEach
  void open() {
    lab = new RegistryLab();
    registry = lab.open();
    arm = lab.fake.image(REPOSITORY, Arch.ARM64, content(10));
    amd = lab.fake.image(REPOSITORY, Arch.AMD64, content(20));
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private static String entry(String mediaType, Digest digest, String rest) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":1%s}"
        .formatted(mediaType, digest, rest);
  }

  private static String platform(String os, String architecture, String more) {
    return ",\"platform\":{\"os\":\"%s\",\"architecture\":\"%s\"%s}"
        .formatted(os, architecture, more);
  }

  private Digest index(String... entries) {
    String text =
        "{\"schemaVersion\":2,\"mediaType\":\""
            + INDEX
            + "\",\"manifests\":["
            + String.join(",", entries)
            + "]}";
    return lab.fake.putManifest(REPOSITORY, INDEX, text.getBytes(StandardCharsets.UTF_8));
  }

  private Digest select(Digest top, Arch arch) {
    return Platforms.select(registry, top, arch).manifest();
  }

  @Test
  void attestations_unknown_platforms_and_unknown_kinds_are_passed_over() {
    Digest nothing = Digest.of(new byte[] {1});
    Digest top =
        index(
            entry(MANIFEST, nothing, platform("unknown", "unknown", "")),
            entry(
                MANIFEST,
                nothing,
                platform("linux", "arm64", "")
                    + ",\"annotations\":{\"vnd.docker.reference.type\":\"attestation-manifest\"}"),
            entry("application/vnd.acme+json", nothing, platform("linux", "arm64", "")),
            entry(MANIFEST, nothing, platform("windows", "arm64", "")),
            entry(MANIFEST, nothing, platform("linux", "arm64", ",\"variant\":\"v9\"")),
            entry(MANIFEST, arm, platform("linux", "arm64", ",\"variant\":\"v8\"")));
    assertEquals(arm, select(top, Arch.ARM64));
    assertEquals(2, lab.fake.count(Kind.GET_MANIFEST));
  }

  @Test
  void an_entry_without_platform_is_what_its_configuration_says() {
    Digest top = index(entry(MANIFEST, amd, ""), entry(MANIFEST, arm, ""));
    assertEquals(arm, select(top, Arch.ARM64));
    assertEquals(amd, select(top, Arch.AMD64));
  }

  @Test
  void an_index_in_an_index_is_followed_once() {
    Digest inner = index(entry(MANIFEST, arm, platform("linux", "arm64", "")));
    Digest middle = index(entry(INDEX, inner, ""));
    assertEquals(arm, select(middle, Arch.ARM64));
    assertFails(Reason.UNSUPPORTED, () -> select(index(entry(INDEX, middle, "")), Arch.ARM64));
  }

  @Test
  void what_is_missing_and_what_is_there_is_said() {
    assertEquals(
        "the index lists only amd64, windows/arm64; publish arm64 or leave it out of the"
            + " architectures asked for",
        assertFails(
                Reason.NO_PLATFORM,
                () ->
                    select(
                        index(
                            entry(MANIFEST, amd, platform("linux", "amd64", "")),
                            entry(MANIFEST, arm, platform("windows", "arm64", ""))),
                        Arch.ARM64))
            .getMessage());
    assertEquals(
        "the image is for amd64, without an index; publish arm64 or leave it out of the"
            + " architectures asked for",
        assertFails(Reason.NO_PLATFORM, () -> select(amd, Arch.ARM64)).getMessage());
    assertEquals(
        "the index lists no image; publish arm64 or leave it out of the architectures asked for",
        assertFails(Reason.NO_PLATFORM, () -> select(index(), Arch.ARM64)).getMessage());
  }

  private Digest image(String configType, String config, String layers) {
    byte[] bytes = config.getBytes(StandardCharsets.UTF_8);
    lab.fake.putBlob(bytes);
    String text =
        "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d},\"layers\":[%s]}"
            .formatted(configType, Digest.of(bytes), bytes.length, layers);
    return lab.fake.putManifest(REPOSITORY, MANIFEST, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void layers_without_their_diff_ids_are_refused() {
    Digest one = Digest.of(new byte[] {1});
    String config = "{\"architecture\":\"arm64\",\"os\":\"linux\",\"rootfs\":{\"diff_ids\":[]}}";
    Digest image = image(CONFIG, config, entry("application/vnd.oci.image.layer.v1.tar", one, ""));
    assertFails(Reason.MALFORMED, () -> select(image, Arch.ARM64));
  }

  @Test
  void an_object_that_is_no_container_image_has_no_diff_ids() {
    Digest one = Digest.of(new byte[] {1});
    String layer = entry("application/data", one, "");
    PlatformImage image =
        Platforms.select(
            registry, image("application/vnd.oci.empty.v1+json", "{}", layer), Arch.ARM64);
    assertEquals(List.of(), image.diffIds());
    assertEquals(List.of(new Descriptor("application/data", one, 1)), image.layers());
    assertEquals(Map.of(), image.labels());
  }
}
