package dev.moonboot.assets.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.ImageReferences;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecipeTextTest {
  private static final Recipe RECIPE =
      recipe(
          List.of(
              input("siderolabs/gvisor", "ghcr.io/siderolabs/gvisor:v1"),
              input("oci:/srv/ext:frr", "oci:/srv/ext:frr")),
          Set.of(Output.UKI, Output.INITRAMFS));

  private static Recipe recipe(List<Input> extensions, Set<Output> outputs) {
    return new Recipe(
        "v1.13.9",
        input("the base", "ghcr.io/siderolabs/imager:v1.13.9"),
        null,
        extensions,
        false,
        "metal",
        List.of("console=ttyS0", "-selinux"),
        "",
        List.of(Arch.ARM64, Arch.AMD64),
        outputs,
        "customization: {}\n");
  }

  private static Input input(String name, String image) {
    return new Input(name, ImageReferences.parse(image), Digest.of(name.getBytes(UTF_8)));
  }

  @Test
  void the_canonical_text_has_all_that_decides_the_bytes_and_nothing_else() {
    assertEquals(
        "{\"format\":2,\"version\":\"v1.13.9\",\"base\":\"%s\",\"extensions\":[\"%s\",\"%s\"],"
                .formatted(
                    Digest.of("the base".getBytes(UTF_8)),
                    Digest.of("siderolabs/gvisor".getBytes(UTF_8)),
                    Digest.of("oci:/srv/ext:frr".getBytes(UTF_8)))
            + "\"replace\":false,\"platform\":\"metal\",\"arguments\":[\"console=ttyS0\",\"-selinux\"],"
            + "\"overlay\":\"\",\"arches\":[\"amd64\",\"arm64\"],\"outputs\":[\"initramfs\",\"uki\"],"
            + "\"schematic\":\"customization: {}\\n\"}",
        RecipeText.canonical(RECIPE));
    assertEquals(
        Digest.of(RecipeText.canonical(RECIPE).getBytes(UTF_8)), RecipeText.digest(RECIPE));
  }

  @Test
  void what_is_read_back_is_the_same_recipe() {
    assertEquals(RECIPE, RecipeText.read(RecipeText.json(RECIPE).pretty()));
    var factory = new SourceImage.Factory("https://factory.example", "a".repeat(64));
    Recipe full =
        new Recipe(
            "v1.12.0",
            new Input(
                "channel:made",
                new ImageReference(factory, "v1.12.0", null),
                RECIPE.base().digest()),
            input("beside", "ghcr.io/siderolabs/installer-base@" + RECIPE.base().digest()),
            List.of(),
            true,
            "nocloud",
            List.of(),
            "rpi_generic",
            List.of(Arch.ARM64),
            Set.of(Output.values()),
            "a\n  b: 'é'\n");
    assertEquals(full, RecipeText.read(RecipeText.json(full).compact()));
  }

  @Test
  void a_mirror_another_folder_or_another_tag_of_the_same_digest_is_the_same_release() {
    List<Input> elsewhere =
        RECIPE.extensions().stream()
            .map(one -> new Input("x", ImageReferences.parse("oci:/elsewhere:other"), one.digest()))
            .toList();
    assertEquals(RecipeText.digest(RECIPE), RecipeText.digest(recipe(elsewhere, RECIPE.outputs())));
  }

  @Test
  void the_order_of_extensions_counts_and_that_of_outputs_does_not() {
    assertNotEquals(
        RecipeText.digest(RECIPE),
        RecipeText.digest(recipe(RECIPE.extensions().reversed(), RECIPE.outputs())));
    Set<Output> turned = new LinkedHashSet<>(List.of(Output.INITRAMFS, Output.UKI));
    Set<Output> round = new LinkedHashSet<>(List.of(Output.UKI, Output.INITRAMFS));
    assertEquals(
        RecipeText.digest(recipe(RECIPE.extensions(), turned)),
        RecipeText.digest(recipe(RECIPE.extensions(), round)));
  }

  @Test
  void another_format_and_what_is_no_recipe_are_refused_with_the_reason() {
    String text = RecipeText.json(RECIPE).compact();
    assertTrue(
        refused(text.replace("\"format\":2", "\"format\":1")).contains("resolve it anew"), text);
    assertTrue(refused(text.replace("\"platform\"", "\"plat\"")).contains("no platform"));
    assertTrue(refused(text.replace("\"uki\"", "\"ova\"")).contains("lacks something"));
    assertTrue(refused("[]").contains("JSON object"));
    assertTrue(refused("{").contains("JSON object"));
  }

  private static String refused(String text) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> RecipeText.read(text)).getMessage());
  }
}
