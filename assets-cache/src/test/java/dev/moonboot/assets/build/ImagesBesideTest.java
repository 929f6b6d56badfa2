package dev.moonboot.assets.build;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.registry.ImageReferences;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagesBesideTest {
  private static ImageReference image(String text) {
    return ImageReferences.parse(text);
  }

  @ParameterizedTest
  @CsvSource({
    "ghcr.io/siderolabs/imager:v1.13.9, ghcr.io/siderolabs/extensions:v1.13.9",
    "mirror.example:5000/talos/siderolabs/imager:v1.13.9,"
        + "mirror.example:5000/talos/siderolabs/extensions:v1.13.9",
    "ghcr.io/cozystack/cozystack/talos:v1.13.9, ghcr.io/siderolabs/extensions:v1.13.9",
    "oci:/srv/talos:v1.13.9, ghcr.io/siderolabs/extensions:v1.13.9"
  })
  void the_catalog_of_official_extensions_stands_beside_the_base(String base, String catalog) {
    assertEquals(image(catalog), ImagesBeside.catalog(image(base).source(), "v1.13.9"));
  }

  @Test
  void beside_an_imager_stands_what_installers_are_put_upon() {
    assertEquals(
        Optional.of(image("mirror.example/siderolabs/installer-base:v1.13.9")),
        ImagesBeside.installerBase(image("mirror.example/siderolabs/imager:v1.13.9"), "v1.13.9"));
    assertEquals(
        Optional.of(image("ghcr.io/siderolabs/installer-base:v1.12.0")),
        ImagesBeside.installerBase(
            image("ghcr.io/siderolabs/imager@sha256:" + "a".repeat(64)), "v1.12.0"));
    assertEquals(
        Optional.empty(),
        ImagesBeside.installerBase(image("ghcr.io/siderolabs/installer:v1.13.9"), "v1.13.9"));
  }

  @Test
  void before_talos_1_10_that_is_the_installer() {
    assertEquals(
        Optional.of(image("ghcr.io/siderolabs/installer:v1.9.5")),
        ImagesBeside.installerBase(image("ghcr.io/siderolabs/imager:v1.9.5"), "v1.9.5"));
  }

  @Test
  void a_mirror_of_the_catalog_has_the_extensions_too() {
    ImageReference gvisor = image("ghcr.io/siderolabs/gvisor:v1@sha256:" + "a".repeat(64));
    assertEquals(
        image("mirror.example/talos/siderolabs/gvisor:v1@sha256:" + "a".repeat(64)),
        ImagesBeside.mirrored(
            gvisor, image("mirror.example/talos/siderolabs/extensions:v1").source()));
    assertEquals(
        gvisor, ImagesBeside.mirrored(gvisor, image("ghcr.io/acme/our-catalog:v1").source()));
    assertEquals(gvisor, ImagesBeside.mirrored(gvisor, image("oci:/srv/catalog").source()));
  }
}
