package dev.moonboot.assets.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moonboot.assets.registry.ImageReferences;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImagePatternTest {
  @ParameterizedTest
  @CsvSource({
    "*,                  ghcr.io/acme/talos:demo,    true",
    "ghcr.io/acme/talos, ghcr.io/acme/talos:demo,    true",
    "ghcr.io/acme/talos, ghcr.io/acme/talos-evil:x,  false",
    "ghcr.io/acme/*,     ghcr.io/acme/talos:demo,    true",
    "ghcr.io/acme/*,     ghcr.io/acme/deep/talos:x,  true",
    "ghcr.io/acme/*,     GHCR.IO/acme/talos:demo,    true",
    "ghcr.io/acme/*,     ghcr.io/acmeevil/talos:x,   false",
    "ghcr.io/acme/*,     ghcrXio/acme/talos:x,       false",
    "ghcr.io/acme/*,     evil.io/ghcr.io/acme/x:1,   false",
    "oci:*,              oci:/srv/talos:demo,        true",
    "127.0.0.1:*/talos,  127.0.0.1:5000/talos:demo,  true",
  })
  void it_matches_whole_repositories(String pattern, String image, boolean expected) {
    assertEquals(
        expected, ImagePattern.parse(pattern).matches(ImageReferences.parse(image).source()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "https://ghcr.io/acme/talos", "ghcr.io/acme/talos@sha256:1"})
  void what_could_match_nothing_is_refused(String pattern) {
    assertThrows(IllegalArgumentException.class, () -> ImagePattern.parse(pattern));
  }

  @Test
  void it_is_shown_as_it_was_written() {
    assertEquals("ghcr.io/Acme/*", ImagePattern.parse("ghcr.io/Acme/*").toString());
  }
}
