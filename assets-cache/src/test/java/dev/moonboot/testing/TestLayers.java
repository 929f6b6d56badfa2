package dev.moonboot.testing;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.extract.Layers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Layers out of memory, which remember which of them were asked for. */
public final class TestLayers implements Layers {
  private final Path directory;
  private final List<Layer> layers = new ArrayList<>();
  private final List<byte[]> contents = new ArrayList<>();
  private final List<Integer> fetched = new ArrayList<>();

  /**
   * @param directory exists; fetched layers are written there
   */
  public TestLayers(Path directory) {
    this.directory = directory;
  }

  /** All layers of one image. */
  public static TestLayers of(TestImage.Platform platform, Path directory) {
    TestLayers layers = new TestLayers(directory);
    for (int i = 0; i < platform.layers().size(); i++) {
      TestImage.Blob layer = platform.layers().get(i);
      layers.add(layer.mediaType(), layer.bytes(), platform.diffIds().get(i));
    }
    return layers;
  }

  /** One uncompressed layer with its right digest. */
  public static TestLayers ofTar(Path directory, byte[] tar) {
    return new TestLayers(directory).addTar(tar);
  }

  /** Adds an uncompressed layer on top. */
  public TestLayers addTar(byte[] tar) {
    return add(TestImage.Packing.OCI_TAR.layerType(), tar, Digest.of(tar));
  }

  /** Adds a layer on top. */
  public TestLayers add(String mediaType, byte[] content, @Nullable Digest diffId) {
    Digest digest = Digest.of(content);
    layers.add(new Layer(mediaType, digest, diffId, directory.resolve("layer-" + digest.hex())));
    contents.add(content);
    return this;
  }

  @Override
  public int count() {
    return layers.size();
  }

  @Override
  public Layer fetch(int index) {
    fetched.add(index);
    try {
      Files.write(layers.get(index).file(), contents.get(index));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return layers.get(index);
  }

  /** The layers asked for so far, in that order. */
  public List<Integer> fetched() {
    return List.copyOf(fetched);
  }
}
