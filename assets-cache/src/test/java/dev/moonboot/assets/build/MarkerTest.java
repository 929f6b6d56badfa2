package dev.moonboot.assets.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.registry.ImageReferences;
import java.util.List;
import org.junit.jupiter.api.Test;

class MarkerTest {
  private static final Digest FRR = Digest.of("frr".getBytes(UTF_8));

  private static String schematic(String... names) {
    return Marker.schematic(
        List.of(names).stream()
            .map(name -> new Input(name, ImageReferences.parse(image(name)), FRR))
            .toList(),
        List.of("quiet"),
        "");
  }

  private static String image(String name) {
    return name.indexOf(':') < 0 ? "ghcr.io/" + name + ":v1" : name;
  }

  @Test
  void official_extensions_have_their_names_and_others_no_registry() {
    assertEquals(
        """
        customization:
            extraKernelArgs:
                - quiet
            systemExtensions:
                officialExtensions:
                    - siderolabs/gvisor
                customExtensions:
                    - frr@%s
        """
            .formatted(FRR),
        schematic("siderolabs/gvisor", "ghcr.io/acme/frr:v1"));
  }

  @Test
  void a_mirror_changes_nothing() {
    String one = schematic("ghcr.io/acme/frr:v1");
    assertEquals(one, schematic("10.0.0.1:5000/mirror/ghcr.io/acme/frr:v2"));
    assertEquals(one, schematic("registry.example/frr:v1@" + FRR));
  }

  @Test
  void what_is_on_a_disk_has_no_name_but_its_digest() {
    assertEquals(
        schematic("oci:/srv/ext:frr"), schematic("oci-archive:/elsewhere/images.tar:other"));
  }
}
