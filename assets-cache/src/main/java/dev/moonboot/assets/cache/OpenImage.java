package dev.moonboot.assets.cache;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.extract.BootFiles;
import dev.moonboot.assets.registry.PlatformImage;
import dev.moonboot.assets.registry.Platforms;
import dev.moonboot.assets.registry.Registry;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.registry.RegistryException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** One image, resolved to its digest, for those who look at it once and keep no cache. */
record OpenImage(
    ImageReference image,
    Content content,
    Digest digest,
    Registry registry,
    ImageAccess access,
    Progress progress)
    implements AutoCloseable {

  /**
   * @param content what it is to hold
   */
  static OpenImage of(
      ImageReference image, Content content, ImageAccess access, Progress progress) {
    Registry registry = access.open(image);
    try {
      progress.step("resolve", image.toString());
      Digest fixed = image.digest();
      Digest digest = fixed != null ? fixed : registry.resolve(image.tag());
      return new OpenImage(image, content, digest, registry, access, progress);
    } catch (RuntimeException e) {
      registry.close();
      throw e;
    }
  }

  /**
   * @param arches what must be there; empty for all that there are, at least one
   */
  Map<Arch, PlatformImage> platforms(List<Arch> arches) {
    Map<Arch, PlatformImage> found = new EnumMap<>(Arch.class);
    RegistryException none = null;
    for (Arch arch : arches.isEmpty() ? possible() : arches) {
      try {
        found.put(arch, Platforms.select(registry, digest, arch));
      } catch (RegistryException e) {
        if (!arches.isEmpty() || e.reason() != Reason.NO_PLATFORM) {
          throw e;
        }
        none = e;
      }
    }
    if (found.isEmpty() && none != null) {
      throw none;
    }
    return found;
  }

  private List<Arch> possible() {
    return content == Content.FIRMWARE ? List.of(Arch.ARM64) : List.of(Arch.values());
  }

  /**
   * @param directory exists; the files are written to a folder within, and layers to another
   */
  BootFiles extract(Arch arch, PlatformImage platform, Path directory) throws IOException {
    Path folder = Files.createDirectory(directory.resolve("layers"));
    try (var layers = new PulledLayers(registry, platform, folder, progress, _ -> {})) {
      return layers.extract(
          access.extraction(),
          ImageAccess.wanted(content, arch, platform, image.tag()),
          directory.resolve("files"));
    }
  }

  @Override
  public void close() {
    registry.close();
  }
}
