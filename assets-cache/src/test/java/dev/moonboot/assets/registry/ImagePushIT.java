package dev.moonboot.assets.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.testing.RealRegistry;
import dev.moonboot.testing.TestImage;
import dev.moonboot.testing.TestImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  private static void push(
      SourceImage.Repository to,
      RealRegistry real,
      List<ImagePush.Content> contents,
      List<ImagePush.Document> documents) {
    ImagePush.push(to, real.settings(), contents, documents, Progress.NONE);
  }

  @Test
  void what_is_pulled_back_has_the_digest_that_was_pushed() throws Exception {
    try (RealRegistry real = RealRegistry.start()) {
      var to = new SourceImage.Repository(real.address(), "acme/installer");
      for (int i = 0; i < 2; i++) { // the second time all is there
        push(to, real, contents(), documents());
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
  void what_refers_to_an_image_is_found_by_a_registry_without_such_lists() throws Exception {
    try (RealRegistry real = RealRegistry.start()) {
      var to = new SourceImage.Repository(real.address(), "acme/installer");
      push(to, real, contents(), documents());
      List<Digest> pushed = new ArrayList<>();
      for (String text : List.of("one", "two", "one")) {
        ImagePush.Document document = Referring.to(IMAGE.top().digest(), text);
        pushed.add(Digest.of(document.bytes()));
        push(to, real, Referring.contents(text), List.of(document));
      }
      try (Registry registry = Registries.open(to, real.settings())) {
        assertEquals(
            pushed.subList(0, 2),
            registry.referrers(IMAGE.top().digest(), Referring.TYPE).artifacts().stream()
                .map(Descriptor::digest)
                .toList());
      }
    }
  }
}
