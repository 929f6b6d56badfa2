package dev.moonboot.assets.extension;

import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The extensions of one release of Talos, as a catalog image lists them: {@code image-digests}, one
 * reference a line, and {@code descriptions.yaml}, by the same lines.
 */
public final class ExtensionCatalog {
  private static final int MAX_ENTRIES = 5000;

  /** Names that extensions had in other releases (Image Factory, ExtensionNameAlias). */
  private static final Map<String, String> ALIASES =
      Map.ofEntries(
          Map.entry("siderolabs/v4l-uvc", "siderolabs/v4l-uvc-drivers"),
          Map.entry("siderolabs/usb-modem", "siderolabs/usb-modem-drivers"),
          Map.entry("siderolabs/gasket", "siderolabs/gasket-driver"),
          Map.entry("siderolabs/talos-vmtoolsd", "siderolabs/vmtoolsd-guest-agent"),
          Map.entry("siderolabs/xe-guest-utilities", "siderolabs/xen-guest-agent"),
          Map.entry(
              "siderolabs/nvidia-container-toolkit", "siderolabs/nvidia-container-toolkit-lts"),
          Map.entry(
              "siderolabs/nvidia-open-gpu-kernel-modules",
              "siderolabs/nvidia-open-gpu-kernel-modules-lts"),
          Map.entry("siderolabs/nonfree-kmod-nvidia", "siderolabs/nonfree-kmod-nvidia-lts"),
          Map.entry("siderolabs/nvidia-fabricmanager", "siderolabs/nvidia-fabric-manager-lts"),
          Map.entry("siderolabs/i915-ucode", "siderolabs/i915"),
          Map.entry("siderolabs/amdgpu-firmware", "siderolabs/amdgpu"));

  private final String origin;
  private final Map<String, Entry> entries;

  private ExtensionCatalog(String origin, Map<String, Entry> entries) {
    this.origin = origin;
    this.entries = entries;
  }

  /**
   * One extension.
   *
   * @param name {@code siderolabs/gvisor}: the repository without its registry
   * @param image with tag and digest
   * @param author empty where the catalog does not say, as {@code description}
   */
  public record Entry(String name, ImageReference image, String author, String description) {}

  /**
   * Reads what a catalog image holds.
   *
   * @param origin what the image is called, for messages
   * @throws ExtensionException when it is no catalog
   */
  public static ExtensionCatalog read(String origin, FileTree tree) {
    String lines = CatalogFiles.text(origin, tree, "image-digests");
    Json.Obj descriptions = CatalogFiles.yaml(origin, tree, "descriptions.yaml");
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (String line : lines.lines().map(String::strip).filter(l -> !l.isEmpty()).toList()) {
      CatalogFiles.Pinned image = CatalogFiles.pinned(origin, line);
      Json.Obj about = descriptions.object(line).orElse(new Json.Obj(Map.of()));
      entries.putIfAbsent(
          image.path(),
          new Entry(
              image.path(),
              image.reference(),
              about.text("author").orElse(""),
              about.text("description").orElse("")));
      CatalogFiles.require(entries.size() <= MAX_ENTRIES, origin, "lists more than " + MAX_ENTRIES);
    }
    return new ExtensionCatalog(origin, entries);
  }

  /** All extensions, in the order of the catalog. */
  public List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  /** The extension of that name; of another name that it once had, too. */
  public Optional<Entry> find(String name) {
    return Optional.ofNullable(entries.get(name))
        .or(() -> Optional.ofNullable(entries.get(ALIASES.getOrDefault(name, ""))))
        .or(() -> old(name));
  }

  /** A catalog of an old release knows the old name alone. */
  private Optional<Entry> old(String name) {
    return ALIASES.entrySet().stream()
        .filter(alias -> alias.getValue().equals(name))
        .map(alias -> entries.get(alias.getKey()))
        .filter(Objects::nonNull)
        .findFirst();
  }

  /**
   * The extension of that name, in the first catalog that has it.
   *
   * @throws ExtensionException when none has; the message names those that are called likewise
   */
  public static Entry find(List<ExtensionCatalog> catalogs, String name) {
    for (ExtensionCatalog catalog : catalogs) {
      Optional<Entry> entry = catalog.find(name);
      if (entry.isPresent()) {
        return entry.get();
      }
    }
    List<String> names = new ArrayList<>();
    catalogs.forEach(catalog -> names.addAll(catalog.entries.keySet()));
    List<String> origins = catalogs.stream().map(catalog -> catalog.origin).toList();
    throw new ExtensionException(
        "extension %s is not in %s%s; an extension of somebody else is given by its image, as in ghcr.io/acme/frr:v1"
            .formatted(
                Finding.shown(name),
                origins.isEmpty() ? "any catalog" : String.join(", ", origins),
                near(name, names)),
        null);
  }

  private static String near(String name, List<String> names) {
    List<String> near =
        names.stream()
            .distinct()
            .filter(known -> distance(known, name) <= Math.max(2, stem(name).length() / 3))
            .sorted(Comparator.comparingInt((String known) -> distance(known, name)))
            .limit(3)
            .toList();
    return near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
  }

  /** Of the last parts of two names; one that is part of the other is near. */
  private static int distance(String known, String name) {
    String one = stem(known);
    String other = stem(name);
    boolean within = isPartOf(one, other) || isPartOf(other, one);
    return within ? Math.min(2, EditDistance.of(one, other)) : EditDistance.of(one, other);
  }

  private static boolean isPartOf(String part, String whole) {
    return part.length() > 2
        && (whole.startsWith(part)
            || List.of(whole.split("-", -1)).containsAll(List.of(part.split("-", -1))));
  }

  private static String stem(String name) {
    String last = name.substring(name.lastIndexOf('/') + 1);
    return last.substring(0, Math.min(64, last.length()));
  }
}
