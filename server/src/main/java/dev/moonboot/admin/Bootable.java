package dev.moonboot.admin;

import dev.moonboot.boot.BootPlanner;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.CatalogWriter;
import dev.moonboot.release.Pinning;
import dev.moonboot.release.ReleaseCache;
import dev.moonboot.release.Releases;
import dev.moonboot.release.Served;
import java.util.function.Supplier;

/**
 * What nodes can boot, and who decides it.
 *
 * @param catalog the one in force
 */
public record Bootable(
    Releases releases,
    ReleaseCache cache,
    Served served,
    Supplier<Catalog> catalog,
    CatalogWriter writer,
    BootPlanner planner,
    Pinning pinning) {

  /** The releases among it. */
  HeldReleases held() {
    return new HeldReleases(releases, cache, served, catalog, planner::channel);
  }
}
