package dev.moonboot.assets.build;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.SourceImage.Repository;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images of Talos beside one another. */
class ImagesBesideTest {
  @ParameterizedTest
  @CsvSource({
    "v1.13.9, ghcr.io/siderolabs/installer-base:v1.13.9",
    "v1.10.0, ghcr.io/siderolabs/installer-base:v1.10.0",
    "v1.9.5, ghcr.io/siderolabs/installer:v1.9.5"
  })
  void the_installer_of_an_imager_is_its_neighbour(String version, String neighbour) {
    var imager = new ImageReference(new Repository("ghcr.io", "siderolabs/imager"), version, null);
    assertEquals(
        Optional.of(neighbour),
        ImagesBeside.installerBase(imager, version).map(ImageReference::toString));
  }

  @Test
  void an_installer_is_put_upon_itself() {
    var installer =
        new ImageReference(new Repository("ghcr.io", "acme/installer"), "v1.13.9", null);
    assertEquals(Optional.empty(), ImagesBeside.installerBase(installer, "v1.13.9"));
  }
}
