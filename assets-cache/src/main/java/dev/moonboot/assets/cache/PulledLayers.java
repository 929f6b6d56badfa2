package dev.moonboot.assets.cache;

import dev.moonboot.assets.Progress;
import dev.moonboot.assets.build.InputImages;
import dev.moonboot.assets.extract.BootFileExtractor.Wanted;
import dev.moonboot.assets.extract.BootFiles;
import dev.moonboot.assets.extract.ExtractException;
import dev.moonboot.assets.extract.Layers;
import dev.moonboot.assets.registry.Descriptor;
import dev.moonboot.assets.registry.PlatformImage;
import dev.moonboot.assets.registry.Registry;
import dev.moonboot.files.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * The layers of one image, downloaded into a directory when they are asked for, and unpacked while
 * they come. Nothing that came out of a layer is believed before the layer's digest is known to be
 * right.
 */
final class PulledLayers implements Layers, AutoCloseable {
  private final Registry registry;
  private final PlatformImage image;
  private final Path directory;
  private final Progress progress;
  private final LongConsumer needRoom;
  private final Map<Integer, ComingLayer> coming = new HashMap<>();
  private final Map<Integer, Long> hadBefore = new HashMap<>();

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
    Path file = file(index);
    ComingLayer arrival = coming.get(index);
    if (arrival == null) {
      long before = sizeOf(file);
      progress.step(
          "pull",
          "layer %d of %d, %s, %d bytes"
              .formatted(index + 1, count(), layer.digest().shortHex(), layer.size()));
      if (before < layer.size()) {
        needRoom.accept(layer.size() - before);
      }
      hadBefore.putIfAbsent(index, before);
      arrival = ComingLayer.start(registry, layer, file, progress);
      coming.put(index, arrival);
    }
    return new Layer(
        layer.mediaType(),
        layer.digest(),
        index < image.diffIds().size() ? image.diffIds().get(index) : null,
        file,
        arrival);
  }

  /**
   * What {@code extraction} makes of these layers.
   *
   * @param out a directory to be made, for the files
   */
  BootFiles extract(ImageAccess.Extraction extraction, Wanted wanted, Path out) throws IOException {
    return unpack((layers, folder, told) -> extraction.extract(layers, wanted, folder, told), out);
  }

  /** As {@link #extract}, anything. */
  <T> T unpack(InputImages.Unpacking<T> unpacking, Path out) throws IOException {
    while (true) {
      Files.createDirectory(out);
      try {
        T made = unpacking.of(this, out, unpacking());
        if (!settle()) {
          return made;
        }
      } catch (ExtractException e) {
        if (!settle()) {
          throw e;
        }
      }
      // Some layer came wrong at first, and what was read of it then is worthless. It is right now.
      Disk.deleteTree(out);
    }
  }

  /**
   * Waits until every layer that was asked for is whole, and forgets how they came.
   *
   * @return whether one of them began anew meanwhile
   */
  private boolean settle() {
    coming.values().forEach(Arrival::awaitWhole);
    boolean anew = coming.values().stream().anyMatch(ComingLayer::hasBegunAnew);
    if (anew) {
      coming.clear();
    }
    return anew;
  }

  /** While layers come their progress is shown, and that of unpacking only after that. */
  private Progress unpacking() {
    return new Progress() {
      private String name = "";
      private String detail = "";

      @Override
      public void step(String step, String what) {
        name = step;
        detail = what;
        tell();
      }

      @Override
      public void bytes(long done, long total) {
        if (tell()) {
          progress.bytes(done, total);
        }
      }

      private boolean tell() {
        if (coming.values().stream().anyMatch(ComingLayer::isComing)) {
          return false;
        }
        if (!name.isEmpty()) {
          progress.step(name, detail);
          name = "";
        }
        return true;
      }
    };
  }

  /** Bytes that came over the wire. */
  long downloaded() {
    return hadBefore.entrySet().stream()
        .mapToLong(before -> Math.max(0, sizeOf(file(before.getKey())) - before.getValue()))
        .sum();
  }

  private Path file(int index) {
    return directory.resolve(image.layers().get(index).digest().hex());
  }

  private static long sizeOf(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops what still comes. */
  @Override
  public void close() {
    coming.values().forEach(ComingLayer::close);
  }
}
