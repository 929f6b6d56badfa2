package dev.moonboot.server;

import dev.moonboot.node.MacAddress;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.profile.Catalog;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Whether some group selects a node by its hardware address. Groups that changed less than a second
 * ago may not count yet: DHCP asks for each packet, and thousands of groups may change one by one.
 */
final class SelectedNodes implements Predicate<MacAddress> {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private record Known(Catalog of, Set<String> macs, long at) {}

  private final Supplier<Catalog> catalog;
  private final LongSupplier nanos;
  private volatile Known known;

  SelectedNodes(Supplier<Catalog> catalog) {
    this(catalog, System::nanoTime);
  }

  SelectedNodes(Supplier<Catalog> catalog, LongSupplier nanos) {
    this.catalog = catalog;
    this.nanos = nanos;
    this.known = read(catalog.get(), nanos.getAsLong());
  }

  @Override
  public boolean test(MacAddress mac) {
    Known now = known;
    long time = nanos.getAsLong();
    Catalog current = catalog.get();
    if (now.of() != current && time - now.at() >= PAUSE.toNanos()) {
      now = read(current, time);
      known = now;
    }
    return now.macs().contains(mac.text());
  }

  private static Known read(Catalog catalog, long at) {
    Set<String> macs = new HashSet<>();
    catalog.eachGroup(group -> {
      group.selector().forEach((key, value) -> add(macs, key, List.of(value)));
      group.lists().forEach((key, values) -> add(macs, key, values));
    });
    return new Known(catalog, macs, at);
  }

  private static void add(Set<String> macs, String key, List<String> values) {
    if (NodeLabels.isMac(key)) {
      macs.addAll(values);
    }
  }
}
