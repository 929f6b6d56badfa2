package dev.moonboot.assets.cache;

import dev.moonboot.assets.Progress;
import dev.moonboot.assets.extract.Layers;
import dev.moonboot.assets.registry.Descriptor;
import dev.moonboot.assets.registry.PlatformImage;
import dev.moonboot.assets.registry.Registry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** The layers of one image, downloaded into a directory when they are asked for. */
final class PulledLayers implements Layers {
  private final Registry registry;
  private final PlatformImage image;
  private final Path directory;
  private final Progress progress;
  private final LongConsumer needRoom;
  private long downloaded;

  /**
   * @param directory what it holds of a layer already is not downloaded again
   * @param needRoom told how many bytes are about to be written; throws when there is no room
   */
  PulledLayers(
      Registry registry,
      PlatformImage image,
      Path directory,
      Progress progress,
      LongConsumer needRoom) {
    this.registry = registry;
    this.image = image;
    this.directory = directory;
    this.progress = progress;
    this.needRoom = needRoom;
  }

  @Override
  public int count() {
    return image.layers().size();
  }

  @Override
  public Layer fetch(int index) {
    Descriptor layer = image.layers().get(index);
    Path file = directory.resolve(layer.digest().hex());
    long before = sizeOf(file);
    progress.step(
        "pull",
        "layer %d of %d, %s, %d bytes"
            .formatted(index + 1, count(), layer.digest().shortHex(), layer.size()));
    if (before < layer.size()) {
      needRoom.accept(layer.size() - before);
    }
    try {
      registry.download(layer, file, progress);
    } finally {
      downloaded += Math.max(0, sizeOf(file) - before);
    }
    return new Layer(
        layer.mediaType(),
        layer.digest(),
        index < image.diffIds().size() ? image.diffIds().get(index) : null,
        file);
  }

  /** Bytes that came over the wire. */
  long downloaded() {
    return downloaded;
  }

  private static long sizeOf(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
