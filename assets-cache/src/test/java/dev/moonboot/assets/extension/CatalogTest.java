package dev.moonboot.assets.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.testing.ExtensionImages;
import dev.moonboot.testing.TarFixture;
import dev.moonboot.testing.TestLayers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which image an official extension is. */
class CatalogTest extends ExtensionCase {
  private static final Digest DIGEST = Digest.of(new byte[] {1});

  private ExtensionCatalog catalog(String... names) {
    List<String> lines =
        List.of(names).stream()
            .map(name -> ExtensionImages.line("ghcr.io/siderolabs/" + name + ":v1", DIGEST))
            .toList();
    return ExtensionCatalog.read(
        "ghcr.io/siderolabs/extensions:v1.13.9", tree(ExtensionImages.catalog(lines)));
  }

  private static ImageReference image(String path) {
    return new ImageReference(new SourceImage.Repository("ghcr.io", path), "v1", DIGEST);
  }

  @Test
  void names_images_with_their_digests() {
    assertEquals(
        List.of(
            new ExtensionCatalog.Entry(
                "siderolabs/gvisor", image("siderolabs/gvisor"), "Fixture", "says what it is\n"),
            new ExtensionCatalog.Entry(
                "siderolabs/hello", image("siderolabs/hello"), "Fixture", "says what it is\n")),
        catalog("gvisor", "hello").entries());
  }

  @ParameterizedTest
  @CsvSource({
    "v4l-uvc, v4l-uvc-drivers",
    "usb-modem, usb-modem-drivers",
    "gasket, gasket-driver",
    "talos-vmtoolsd, vmtoolsd-guest-agent",
    "xe-guest-utilities, xen-guest-agent",
    "nvidia-container-toolkit, nvidia-container-toolkit-lts",
    "nvidia-open-gpu-kernel-modules, nvidia-open-gpu-kernel-modules-lts",
    "nonfree-kmod-nvidia, nonfree-kmod-nvidia-lts",
    "nvidia-fabricmanager, nvidia-fabric-manager-lts",
    "i915-ucode, i915",
    "amdgpu-firmware, amdgpu",
  })
  void old_names_are_known_in_new_releases_and_new_ones_in_old(String old, String now) {
    assertEquals(
        Optional.of("siderolabs/" + now),
        catalog(now).find("siderolabs/" + old).map(ExtensionCatalog.Entry::name));
    assertEquals(
        Optional.of("siderolabs/" + old),
        catalog(old).find("siderolabs/" + now).map(ExtensionCatalog.Entry::name));
    assertEquals(
        Optional.of("siderolabs/" + old),
        catalog(now, old).find("siderolabs/" + old).map(ExtensionCatalog.Entry::name));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "siderolabs/gvizor|; did you mean siderolabs/gvisor?",
        "gvisor|; did you mean siderolabs/gvisor or siderolabs/gvisor-debug?",
        "siderolabs/qemu-agent|; did you mean siderolabs/qemu-guest-agent?",
        "acme/frr|''",
      })
  void an_unknown_name_is_told_with_those_near_it(String name, String near) {
    var catalogs = List.of(catalog("gvisor", "gvisor-debug", "qemu-guest-agent", "zfs"));
    String why =
        String.valueOf(
            assertThrows(ExtensionException.class, () -> ExtensionCatalog.find(catalogs, name))
                .getMessage());
    assertEquals(
        "extension "
            + name
            + " is not in ghcr.io/siderolabs/extensions:v1.13.9"
            + near
            + "; an extension of somebody else is given by its image, as in ghcr.io/acme/frr:v1",
        why);
  }

  @Test
  void the_first_catalog_that_has_it_counts() {
    var first = catalog("hello");
    var second = catalog("hello", "gvisor");
    assertEquals(
        "siderolabs/gvisor",
        ExtensionCatalog.find(List.of(first, second), "siderolabs/gvisor").name());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ghcr.io/siderolabs/hello:v1",
        "hello@sha256:00",
        "ghcr.io/a/../b:v1@SHA",
        "x\u001by"
      })
  void a_line_that_is_no_image_with_its_digest_is_refused(String line) {
    TarFixture tar = new TarFixture().file("image-digests", line);
    String why =
        String.valueOf(
            assertThrows(
                    ExtensionException.class,
                    () ->
                        ExtensionCatalog.read(
                            "the catalog", unpack(TestLayers.ofTar(temp, tar.bytes())).tree()))
                .getMessage());
    assertEquals(
        "the catalog lists what is no image with its digest: "
            + line.replace('\u001b', '?')
            + "; see whether it is the catalog of a Talos release",
        why);
  }

  @Test
  void descriptions_may_be_missing_and_another_image_is_no_catalog() {
    String line = ExtensionImages.line("127.0.0.1:5000/acme/frr:v1", DIGEST);
    var tar = new TarFixture().file("image-digests", line + "\n\n").bytes();
    var catalog = ExtensionCatalog.read("it", unpack(TestLayers.ofTar(temp, tar)).tree());
    assertEquals(
        new ExtensionCatalog.Entry(
            "acme/frr",
            new ImageReference(
                new SourceImage.Repository("127.0.0.1:5000", "acme/frr"), "v1", DIGEST),
            "",
            ""),
        catalog.find("acme/frr").orElseThrow());
    assertThrows(
        ExtensionException.class, () -> ExtensionCatalog.read("it", tree(ExtensionImages.hello())));
  }

  @Test
  void overlays_are_boards_with_their_images() {
    var catalog =
        OverlayCatalog.read(
            "it",
            tree(ExtensionImages.overlayCatalog("ghcr.io/siderolabs/sbc-raspberrypi:v1", DIGEST)));
    assertEquals(
        List.of("rpi_generic", "rpi_5"),
        catalog.entries().stream().map(OverlayCatalog.Entry::name).toList());
    assertEquals(
        Optional.of(
            new OverlayCatalog.Entry(
                "rpi_5", image("siderolabs/sbc-raspberrypi"), "siderolabs/sbc-raspberrypi")),
        catalog.find("rpi_5"));
    assertEquals(Optional.empty(), catalog.find("rpi5"));
    assertThrows(
        ExtensionException.class, () -> OverlayCatalog.read("it", tree(ExtensionImages.hello())));
  }
}
