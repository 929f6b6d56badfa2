package dev.moonboot.assets.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.testing.RealRegistry;
import dev.moonboot.testing.TestImage;
import dev.moonboot.testing.TestImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that we push into a real registry come back as they were. */
class ImagePushIT {
  private static final TestImage IMAGE = TestImages.installer(TestImages.Content.DEFAULT);

  @TempDir Path folder;

  private List<ImagePush.Content> contents() throws Exception {
    List<ImagePush.Content> contents = new ArrayList<>();
    for (TestImage.Blob blob : IMAGE.blobs()) {
      Path file = Files.write(folder.resolve(blob.digest().hex()), blob.bytes());
      contents.add(
          contents.isEmpty()
              ? new ImagePush.Content.OfBytes(blob.bytes())
              : new ImagePush.Content.OfFile(blob.digest(), file));
    }
    return contents;
  }

  private static List<ImagePush.Document> documents() {
    List<ImagePush.Document> documents = new ArrayList<>();
    IMAGE
        .manifests()
        .forEach(
            blob -> documents.add(new ImagePush.Document(blob.bytes(), blob.mediaType(), null)));
    documents.add(new ImagePush.Document(IMAGE.top().bytes(), IMAGE.top().mediaType(), "v1.13.9"));
    return documents;
  }

  @Test
  void what_is_pulled_back_has_the_digest_that_was_pushed() throws Exception {
    try (RealRegistry real = RealRegistry.start()) {
      var to = new SourceImage.Repository(real.address(), "acme/installer");
      for (int i = 0; i < 2; i++) { // the second time all is there
        ImagePush.push(to, real.settings(), contents(), documents());
      }
      try (Registry registry = Registries.open(to, real.settings())) {
        Digest digest = registry.resolve("v1.13.9");
        assertEquals(IMAGE.top().digest(), digest);
        for (Arch arch : Arch.values()) {
          PlatformImage platform = Platforms.select(registry, digest, arch);
          for (Descriptor layer : platform.layers()) {
            Path part = folder.resolve("part");
            Files.deleteIfExists(part);
            registry.download(layer, part, Progress.NONE);
            assertEquals(layer.digest(), Digest.of(Files.readAllBytes(part)));
          }
        }
      }
    }
  }

  @Test
  void a_registry_that_is_not_there_is_told_with_its_name() throws Exception {
    var to = new SourceImage.Repository("127.0.0.1:1", "acme/installer");
    var settings =
        new RegistrySettings(
            Set.of("127.0.0.1:1"),
            List.of(),
            Set.of(),
            Files.writeString(folder.resolve("config.json"), "{}"),
            null,
            List.of(),
            RegistrySettings.Timeouts.DEFAULT);
    List<ImagePush.Content> contents = contents();
    RegistryException e =
        assertThrows(
            RegistryException.class, () -> ImagePush.push(to, settings, contents, documents()));
    assertEquals(Reason.UNREACHABLE, e.reason());
  }

  @Test
  void a_manifest_must_be_compact() {
    var pretty = new ImagePush.Document("{ \"a\": 1 }".getBytes(UTF_8), "x", null);
    assertThrows(IllegalArgumentException.class, () -> PushedManifest.of(pretty));
  }
}
