package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.json.Json;
import dev.moonboot.node.MacAddress;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.Extensions;
import dev.moonboot.profile.Group;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SelectedNodesTest {
  private static final MacAddress A = new MacAddress("52:54:00:00:00:0a");
  private static final MacAddress B = new MacAddress("52:54:00:00:00:0b");
  private static final MacAddress C = new MacAddress("52:54:00:00:00:0c");

  private final AtomicReference<Catalog> catalog = new AtomicReference<>();
  private long now = 1;

  private static Catalog selecting(Map<String, String> selector, Map<String, List<String>> lists) {
    Group group =
        new Group(
            "g",
            "g",
            "",
            "p",
            new TreeMap<>(selector),
            new TreeMap<>(lists),
            new Json.Obj(Map.of()),
            Extensions.NONE);
    return new Catalog(List.of(group), List.of(), List.of());
  }

  @Test
  void d_04_a_node_is_known_whose_address_a_group_names_beside_what_else() {
    catalog.set(selecting(Map.of("arch", "arm64", "mac", A.text()), Map.of()));
    var selected = new SelectedNodes(catalog::get, () -> now);
    assertTrue(selected.test(A));
    assertFalse(selected.test(B));
  }

  @Test
  void each_address_of_a_list_is_known() {
    catalog.set(selecting(Map.of(), Map.of("mac", List.of(A.text(), B.text()))));
    var selected = new SelectedNodes(catalog::get, () -> now);
    assertTrue(selected.test(A) && selected.test(B));
    assertFalse(selected.test(C));
  }

  @Test
  void groups_that_change_count_a_second_later_at_most() {
    catalog.set(Catalog.EMPTY);
    var selected = new SelectedNodes(catalog::get, () -> now);
    assertFalse(selected.test(A));
    catalog.set(selecting(Map.of("mac", A.text()), Map.of()));
    assertFalse(selected.test(A));
    now += Duration.ofSeconds(1).toNanos();
    assertTrue(selected.test(A));
  }
}
