package dev.moonboot.assets.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.TalosVersion;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LayerBoundTest {
  private static TalosVersion minor(int minor) {
    return new TalosVersion(1, minor, 0, "");
  }

  /** As Talos's init joins them, the last layer first (internal/app/init, up to 1.11). */
  private static String options(int layers) {
    List<String> all =
        Stream.concat(
                IntStream.range(0, layers).mapToObj(i -> "/layers/layer" + (layers - 1 - i)),
                Stream.of("/layers/root"))
            .toList();
    return "lowerdir=" + String.join(":", all);
  }

  @Test
  void up_to_1_11_all_layers_stand_in_one_page_of_options() {
    int most = LayerBound.most(minor(11));
    assertEquals(246, most);
    assertEquals(most, LayerBound.most(minor(5)));
    assertTrue(options(most).length() < 4096, "with a NUL");
    assertTrue(options(most + 1).length() >= 4096);
  }

  @Test
  void since_1_12_the_kernel_s_own_bound_counts_with_the_root_file_system_in_it() {
    assertEquals(499, LayerBound.most(minor(12)));
    LayerBound.require(499, 0, minor(13));
    assertEquals(
        "500 layers are too many, 3 of them kept from the base: a node with Talos v1.13.0 mounts at"
            + " most 499; leave extensions out, replace those of the base (existing: replace), or"
            + " put several into one image",
        assertThrows(ComposeException.class, () -> LayerBound.require(500, 3, minor(13)))
            .getMessage());
  }
}
