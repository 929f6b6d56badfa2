package dev.moonboot.assets.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.SourceImage;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ImageReferencesTest {
  private static final Digest DIGEST = new Digest("a".repeat(64));

  static Stream<Arguments> readable() {
    var ghcr = new SourceImage.Repository("ghcr.io", "acme/talos");
    var local = new SourceImage.Repository("127.0.0.1:5000", "talos");
    var directory = new SourceImage.Layout(Path.of("/srv/images:old/talos"));
    var file = new SourceImage.Archive(Path.of("talos.tar"));
    return Stream.of(
        Arguments.of("ghcr.io/acme/talos:demo", new ImageReference(ghcr, "demo", null)),
        Arguments.of("ghcr.io/acme/talos", new ImageReference(ghcr, "latest", null)),
        Arguments.of("ghcr.io/acme/talos@" + DIGEST, new ImageReference(ghcr, null, DIGEST)),
        Arguments.of("ghcr.io/acme/talos:demo@" + DIGEST, new ImageReference(ghcr, "demo", DIGEST)),
        Arguments.of("127.0.0.1:5000/talos:1", new ImageReference(local, "1", null)),
        Arguments.of(
            "talos",
            new ImageReference(
                new SourceImage.Repository("registry-1.docker.io", "library/talos"),
                "latest",
                null)),
        Arguments.of("oci:/srv/images:old/talos", new ImageReference(directory, null, null)),
        Arguments.of("oci:/srv/images:old/talos:demo", new ImageReference(directory, "demo", null)),
        Arguments.of(
            "oci:/srv/images:old/talos@" + DIGEST, new ImageReference(directory, null, DIGEST)),
        Arguments.of("oci-archive:talos.tar", new ImageReference(file, null, null)),
        Arguments.of("oci-archive:talos.tar:v1.2", new ImageReference(file, "v1.2", null)));
  }

  @ParameterizedTest
  @MethodSource("readable")
  void reads_every_form(String text, ImageReference expected) {
    assertEquals(expected, ImageReferences.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "https://ghcr.io/acme/talos, leave out",
    "ghcr.io/Acme/talos, lower-case",
    "ghcr.io/acme/talos@sha512:aa, sha256",
    "ghcr.io/acme/talos@sha256:AA, sha256",
    "oci:, no file",
    "oci-archive::x, no file",
    "oci:dir:a b, no tag",
    "'', expected",
    "ghcr.io/acme/../talos, expected",
    "ghcr.io/acme/talos:a:b, expected",
  })
  void r_08_says_what_is_wrong(String text, String hint) {
    var failure = assertThrows(IllegalArgumentException.class, () -> ImageReferences.parse(text));
    assertTrue(String.valueOf(failure.getMessage()).contains(hint), failure.getMessage());
  }
}
