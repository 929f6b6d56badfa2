package dev.moonboot.assets.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.testing.Attachments;
import dev.moonboot.testing.CosignFixture;
import dev.moonboot.testing.RegistryFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every registry must do for us, the fake one and a real one. */
abstract class RegistryContract {
  private static final String REPOSITORY = "acme/talos";

  @TempDir Path directory;
  private RegistryFixture fixture;
  private Registry registry;

  abstract RegistryFixture start();

  @BeforeEach
  void open() {
    fixture = start();
    registry = Registries.open(fixture.source(REPOSITORY), fixture.settings());
  }

  @AfterEach
  void close() {
    registry.close();
    fixture.close();
  }

  private static byte[] content(int size, int seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void a_tag_is_resolved_and_follows_when_it_moves() {
    Digest one = fixture.image(REPOSITORY, Arch.ARM64, content(100, 1));
    Digest two = fixture.image(REPOSITORY, Arch.ARM64, content(100, 2));
    fixture.tag(REPOSITORY, "demo", one);
    assertEquals(one, registry.resolve("demo"));
    fixture.tag(REPOSITORY, "demo", two);
    assertEquals(two, registry.resolve("demo"));
  }

  @Test
  void all_tags_are_listed() {
    Digest image = fixture.image(REPOSITORY, Arch.ARM64, content(100, 1));
    Set<String> tags = Set.of("demo", "v1.13.8", "v1.13.9", "v1.13.10", "v1.14.0-beta.0");
    tags.forEach(tag -> fixture.tag(REPOSITORY, tag, image));
    assertEquals(tags, Set.copyOf(registry.tags()));
  }

  @Test
  void what_is_not_there_is_not_found() {
    fixture.tag(REPOSITORY, "demo", fixture.image(REPOSITORY, Arch.ARM64, content(100, 1)));
    Digest missing = Digest.of(new byte[] {1});
    assertNotFound(() -> registry.resolve("other"));
    try (Registry none = Registries.open(fixture.source("acme/none"), fixture.settings())) {
      assertNotFound(none::tags);
    }
    assertNotFound(() -> registry.manifest(missing));
    assertNotFound(() -> registry.read(new Descriptor("x/y", missing, 1), 10));
    assertNotFound(() ->
        registry.download(
            new Descriptor("x/y", missing, 1), directory.resolve("part"), Progress.NONE));
  }

  private static void assertNotFound(Runnable work) {
    assertEquals(Reason.NOT_FOUND, assertThrows(RegistryException.class, work::run).reason());
  }

  @Test
  void an_index_leads_to_the_image_of_each_architecture() {
    byte[] base = content(1000, 1);
    byte[] top = content(1000, 2);
    Digest arm = fixture.image(REPOSITORY, "arm64", Map.of("version", "v1.13.6"), base, top);
    Digest amd = fixture.image(REPOSITORY, Arch.AMD64, base);
    Digest index = fixture.index(REPOSITORY, Map.of(Arch.ARM64, arm, Arch.AMD64, amd));
    fixture.tag(REPOSITORY, "demo", index);

    assertEquals(index, registry.resolve("demo"));
    assertEquals(
        new PlatformImage(
            arm,
            List.of(layer(base), layer(top)),
            List.of(Digest.of(base), Digest.of(top)),
            Map.of("version", "v1.13.6")),
        Platforms.select(registry, index, Arch.ARM64));
    assertEquals(amd, Platforms.select(registry, index, Arch.AMD64).manifest());
  }

  private static Descriptor layer(byte[] bytes) {
    return new Descriptor(RegistryFixture.LAYER, Digest.of(bytes), bytes.length);
  }

  @Test
  void a_blob_is_downloaded_with_progress() throws IOException {
    byte[] blob = content(3_000_000, 3);
    fixture.putBlob(REPOSITORY, blob);
    Path part = directory.resolve("part");
    List<Long> done = new ArrayList<>();
    registry.download(
        layer(blob),
        part,
        new Progress() {
          @Override
          public void bytes(long now, long total) {
            assertEquals(blob.length, total);
            done.add(now);
          }
        });
    assertArrayEquals(blob, Files.readAllBytes(part));
    assertEquals(blob.length, done.getLast());
    assertEquals(done.stream().sorted().toList(), done);
    assertArrayEquals(blob, registry.read(layer(blob), blob.length));
  }

  @Test
  void a_part_of_a_blob_is_continued() throws IOException {
    byte[] blob = content(1_000_000, 4);
    fixture.putBlob(REPOSITORY, blob);
    Path part = directory.resolve("part");
    Files.write(part, Arrays.copyOf(blob, 600_000));
    List<Long> done = new ArrayList<>();
    registry.download(
        layer(blob),
        part,
        new Progress() {
          @Override
          public void bytes(long now, long total) {
            done.add(now);
          }
        });
    assertArrayEquals(blob, Files.readAllBytes(part));
    assertTrue(done.getFirst() > 600_000, "continued, not begun anew");
  }

  @Test
  void an_empty_blob_is_a_blob() throws IOException {
    fixture.putBlob(REPOSITORY, new byte[0]);
    Path part = directory.resolve("part");
    registry.download(layer(new byte[0]), part, Progress.NONE);
    assertEquals(0, Files.size(part));
  }

  @Test
  void what_belongs_to_an_image_is_found_by_its_type() {
    Digest image = fixture.image(REPOSITORY, Arch.ARM64, content(100, 1));
    Digest other = fixture.image(REPOSITORY, Arch.ARM64, content(100, 2));
    var attachments = new Attachments(fixture, REPOSITORY);
    byte[] document = content(50, 3);
    Digest one = attachments.attach(image, "application/x.one", document);
    Digest two = attachments.attach(image, "application/x.two", content(50, 4));
    attachments.attach(other, "application/x.one", content(50, 5));

    Referrers found = registry.referrers(image, "application/x.one");
    assertEquals(List.of(one), found.artifacts().stream().map(Descriptor::digest).toList());
    assertFalse(found.cut());
    assertEquals(
        List.of(two),
        registry.referrers(image, "application/x.two").artifacts().stream()
            .map(Descriptor::digest)
            .toList());

    Artifact artifact = registry.artifact(one, 4096);
    assertEquals("application/x.one", artifact.type());
    assertEquals(image, artifact.subject());
    assertEquals(1, artifact.layers().size());
    Descriptor layer = artifact.layers().getFirst().descriptor();
    assertArrayEquals(document, registry.read(layer, 4096));
    assertEquals(
        Reason.TOO_LARGE,
        assertThrows(RegistryException.class, () -> registry.artifact(one, 100)).reason());
  }

  @Test
  void an_image_to_which_nothing_belongs_has_no_referrers() {
    Digest image = fixture.image(REPOSITORY, Arch.ARM64, content(100, 1));
    assertEquals(Referrers.NONE, registry.referrers(image, "application/x.one"));
    assertEquals(Referrers.NONE, registry.referrers(Digest.of(new byte[0]), "application/x.one"));
  }

  @Test
  void a_signature_image_keeps_what_is_written_beside_its_layers() {
    Digest image = fixture.image(REPOSITORY, Arch.ARM64, content(100, 1));
    var signer = CosignFixture.p256();
    Digest signature = signer.signLegacy(fixture, REPOSITORY, image);
    assertEquals(signature, registry.resolve(image.fileName() + ".sig"));
    Artifact artifact = registry.artifact(signature, 4096);
    assertEquals(
        Set.of("dev.cosignproject.cosign/signature"),
        artifact.layers().getFirst().annotations().keySet());
  }
}
