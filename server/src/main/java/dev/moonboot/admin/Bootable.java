package dev.moonboot.admin;

import dev.moonboot.boot.BootPlanner;
import dev.moonboot.firmware.FirstSteps;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.CatalogWriter;
import dev.moonboot.release.Pinning;
import dev.moonboot.release.ReleaseCache;
import dev.moonboot.release.Releases;
import dev.moonboot.release.Served;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What nodes can boot, and who decides it.
 *
 * @param catalog the one in force
 * @param first what firmware is told to load first
 * @param installs what nodes install
 */
public record Bootable(
    Releases releases,
    ReleaseCache cache,
    Served served,
    Supplier<Catalog> catalog,
    CatalogWriter writer,
    BootPlanner planner,
    Pinning pinning,
    Function<NodeLabels, List<FirstSteps.Step>> first,
    Installs installs) {
  /** Without firmware. */
  Bootable(
      Releases releases,
      ReleaseCache cache,
      Served served,
      Supplier<Catalog> catalog,
      CatalogWriter writer,
      BootPlanner planner,
      Pinning pinning) {
    this(
        releases,
        cache,
        served,
        catalog,
        writer,
        planner,
        pinning,
        _ -> List.of(),
        Installs.UNKNOWN);
  }

  /** The releases among it. */
  HeldReleases held() {
    return new HeldReleases(releases, cache, served, catalog, planner::channel);
  }
}
