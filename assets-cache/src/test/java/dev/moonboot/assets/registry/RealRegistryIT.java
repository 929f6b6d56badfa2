package dev.moonboot.assets.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.testing.RealRegistry;
import dev.moonboot.testing.RegistryFixture;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RealRegistryIT extends RegistryContract {
  @Override
  RegistryFixture start() {
    return RealRegistry.start();
  }

  @Test
  void a_list_of_more_tags_than_a_page_has_is_whole() {
    try (RegistryFixture fixture = start();
        Registry registry = Registries.open(fixture.source("acme/many"), fixture.settings())) {
      Digest image = fixture.image("acme/many", Arch.AMD64, new byte[] {1});
      Set<String> tags =
          IntStream.rangeClosed(0, 1000)
              .mapToObj(patch -> "v1.13." + patch)
              .collect(Collectors.toSet());
      tags.forEach(tag -> fixture.tag("acme/many", tag, image));
      assertEquals(tags, Set.copyOf(registry.tags()));
    }
  }
}
