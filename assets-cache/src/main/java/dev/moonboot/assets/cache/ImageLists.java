package dev.moonboot.assets.cache;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.extension.ExtensionCatalog;
import dev.moonboot.assets.extension.ExtensionException;
import dev.moonboot.assets.extension.OverlayCatalog;
import dev.moonboot.assets.extract.ExtractException;
import dev.moonboot.assets.extract.TreeExtraction;
import dev.moonboot.assets.registry.PlatformImage;
import dev.moonboot.assets.registry.Platforms;
import dev.moonboot.assets.registry.Registries;
import dev.moonboot.assets.registry.Registry;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.files.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** What registries list: a repository's tags, and what catalog images say. Asks each time. */
public final class ImageLists {
  private final RegistrySettings settings;
  private final Path scratch;

  /**
   * @param scratch a folder for what is unpacked meanwhile: what a crash left there is deleted
   */
  public ImageLists(RegistrySettings settings, Path scratch) {
    this.settings = settings;
    this.scratch = scratch;
    Disk.tryDelete(scratch);
  }

  /**
   * The tags of a repository, in the registry's order.
   *
   * @throws CacheException when they cannot be had
   */
  public List<String> tags(SourceImage.Repository repository) {
    try (Registry registry = Registries.open(repository, settings)) {
      return registry.tags();
    } catch (RegistryException e) {
      throw new CacheException("tags of " + repository.display() + ": " + Troubles.text(e), e);
    }
  }

  /**
   * What a catalog lists.
   *
   * @param name {@code siderolabs/gvisor}; of an overlay the board's ({@code rpi_generic})
   * @param repository without the registry
   * @param image with tag and digest
   * @param author empty where the catalog does not say, as {@code description}
   */
  public record Listed(
      String name, String repository, ImageReference image, String author, String description) {}

  /**
   * The extensions that a catalog image lists.
   *
   * @throws CacheException when it cannot be had, or is none
   */
  public List<Listed> extensions(ImageReference catalog) {
    return read(
        catalog,
        tree ->
            ExtensionCatalog.read(catalog.toString(), tree).entries().stream()
                .map(e -> new Listed(e.name(), e.name(), e.image(), e.author(), e.description()))
                .toList());
  }

  /** As {@link #extensions}, the overlays of boards. */
  public List<Listed> overlays(ImageReference catalog) {
    return read(
        catalog,
        tree ->
            OverlayCatalog.read(catalog.toString(), tree).entries().stream()
                .map(e -> new Listed(e.name(), e.repository(), e.image(), "", ""))
                .toList());
  }

  private List<Listed> read(ImageReference catalog, Function<FileTree, List<Listed>> reading) {
    try (Registry registry = Registries.open(catalog.source(), settings)) {
      PlatformImage image = Platforms.select(registry, registry.resolve(catalog.tag()), Arch.AMD64);
      Files.createDirectories(scratch);
      Path folder = Files.createTempDirectory(scratch, "catalog-");
      try (var layers = new PulledLayers(registry, image, folder, Progress.NONE, _ -> {})) {
        Path spool = folder.resolve("files");
        return reading.apply(TreeExtraction.unpack(layers, spool, Progress.NONE).tree());
      } finally {
        Disk.deleteTree(folder);
      }
    } catch (RegistryException | ExtractException | ExtensionException e) {
      throw new CacheException("catalog " + catalog + ": " + Troubles.text(e), e);
    } catch (IOException | UncheckedIOException e) {
      throw new CacheException("catalog " + catalog + ": " + e, e);
    }
  }
}
