package dev.moonboot.assets.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.testing.FakeRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class RepositoryTagsTest {
  @Test
  void reads_all_pages() {
    try (FakeRegistry registry = FakeRegistry.startPlain()) {
      List<String> tags = List.of("a", "b", "c", "d", "e", "v1.0.0", "v1.0.1");
      tags.forEach(tag -> registry.tag("acme/talos", tag, Digest.of(new byte[0])));
      registry.tag("acme/other", "z", Digest.of(new byte[0]));
      assertEquals(
          tags, RepositoryTags.of(repository(registry, "acme/talos"), registry.settings()));
    }
  }

  @Test
  void an_unknown_repository_is_said_to_be() {
    try (FakeRegistry registry = FakeRegistry.startPlain()) {
      var error =
          assertThrows(
              RegistryException.class,
              () -> RepositoryTags.of(repository(registry, "acme/none"), registry.settings()));
      assertEquals(RegistryException.Reason.NOT_FOUND, error.reason());
    }
  }

  private static SourceImage.Repository repository(FakeRegistry registry, String path) {
    return new SourceImage.Repository(registry.address(), path);
  }
}
