package dev.moonboot.assets.extension;

import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The overlays of one release of Talos, as {@code overlays.yaml} of a catalog image lists them. */
public final class OverlayCatalog {
  private static final int MAX_ENTRIES = 5000;

  private final Map<String, Entry> entries;

  private OverlayCatalog(Map<String, Entry> entries) {
    this.entries = entries;
  }

  /**
   * One board.
   *
   * @param name of the board's installer: {@code rpi_generic}
   * @param image with tag and digest
   * @param repository without its registry: {@code siderolabs/sbc-raspberrypi}
   */
  public record Entry(String name, ImageReference image, String repository) {}

  /**
   * Reads what a catalog image holds.
   *
   * @param origin what the image is called, for messages
   * @throws ExtensionException when it is no catalog
   */
  public static OverlayCatalog read(String origin, FileTree tree) {
    CatalogFiles.text(origin, tree, "overlays.yaml");
    Json.Obj yaml = CatalogFiles.yaml(origin, tree, "overlays.yaml");
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (Json item : yaml.array("overlays").orElse(List.of())) {
      Json.Obj overlay = item instanceof Json.Obj of ? of : new Json.Obj(Map.of());
      String name = overlay.text("name").orElse("");
      CatalogFiles.require(
          name.matches("[A-Za-z0-9._-]{1,128}"), origin, "lists an overlay without a name");
      CatalogFiles.Pinned image =
          CatalogFiles.pinned(
              origin, overlay.text("image").orElse("") + "@" + overlay.text("digest").orElse(""));
      entries.putIfAbsent(name, new Entry(name, image.reference(), image.path()));
      CatalogFiles.require(entries.size() <= MAX_ENTRIES, origin, "lists more than " + MAX_ENTRIES);
    }
    return new OverlayCatalog(entries);
  }

  /** All boards, in the order of the catalog. */
  public List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  /** The board of that name. */
  public Optional<Entry> find(String name) {
    return Optional.ofNullable(entries.get(name));
  }
}
