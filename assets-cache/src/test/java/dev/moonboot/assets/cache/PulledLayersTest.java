package dev.moonboot.assets.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.extract.BootFileExtractor.Wanted;
import dev.moonboot.assets.extract.BootFiles;
import dev.moonboot.assets.extract.BootPaths;
import dev.moonboot.assets.extract.ExtractException;
import dev.moonboot.assets.extract.Layers;
import dev.moonboot.assets.registry.Artifact;
import dev.moonboot.assets.registry.Descriptor;
import dev.moonboot.assets.registry.Manifest;
import dev.moonboot.assets.registry.PlatformImage;
import dev.moonboot.assets.registry.Referrers;
import dev.moonboot.assets.registry.Registry;
import dev.moonboot.assets.registry.RegistryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A layer is unpacked while it comes, and what came of it is believed only when it was right. */
class PulledLayersTest {
  private static final byte[] RIGHT = {1, 2, 3, 4, 5, 6, 7, 8};
  private static final byte[] WRONG = {9, 9, 9, 9, 9, 9, 9, 9};
  private static final BootFiles FILES =
      new BootFiles(Arch.ARM64, "test", "", "", List.of(), Map.of());

  @TempDir Path temp;

  private final CountDownLatch halfIsRead = new CountDownLatch(1);
  private final List<byte[]> read = new ArrayList<>();

  @Test
  void reading_begins_before_the_last_byte_has_come() throws IOException {
    Registry registry =
        new Fetching((part, progress) -> {
          Files.write(part, first(RIGHT, 4));
          progress.bytes(4, 8);
          await(halfIsRead);
          Files.write(part, RIGHT);
        });

    assertEquals(FILES, extract(registry));

    assertEquals(1, read.size());
    assertArrayEquals(RIGHT, read.getFirst());
  }

  @Test
  void what_was_read_of_a_layer_that_began_anew_is_read_again() throws IOException {
    Registry registry =
        new Fetching((part, progress) -> {
          if (!Files.exists(part)) {
            Files.write(part, first(WRONG, 4));
            progress.bytes(4, 8);
            await(halfIsRead);
            Files.write(part, new byte[0]);
            progress.bytes(0, 8);
            Files.write(part, RIGHT);
            progress.bytes(8, 8);
          }
        });

    assertEquals(FILES, extract(registry));

    assertEquals(2, read.size());
    assertArrayEquals(RIGHT, read.getLast());
  }

  @Test
  void a_fetch_that_fails_is_why_and_not_the_content_that_came() {
    Registry registry =
        new Fetching((part, progress) -> {
          Files.write(part, first(WRONG, 4));
          progress.bytes(4, 8);
          await(halfIsRead);
          throw new RegistryException(RegistryException.Reason.DIGEST_MISMATCH, "wrong bytes");
        });
    PulledLayers layers = layers(registry);

    try (layers) {
      RegistryException why =
          assertThrows(
              RegistryException.class,
              () ->
                  layers.extract(
                      (all, _, _, _) -> {
                        all.fetch(0).arrival().await(0);
                        halfIsRead.countDown();
                        throw new ExtractException("these bytes are no archive");
                      },
                      wanted(),
                      temp.resolve("out")));
      assertEquals(RegistryException.Reason.DIGEST_MISMATCH, why.reason());
    }
  }

  private BootFiles extract(Registry registry) throws IOException {
    try (PulledLayers layers = layers(registry)) {
      return layers.extract((all, _, _, _) -> readAll(all.fetch(0)), wanted(), temp.resolve("out"));
    }
  }

  private BootFiles readAll(Layers.Layer layer) {
    try {
      layer.arrival().await(3);
      byte[] half = first(Files.readAllBytes(layer.file()), 4);
      halfIsRead.countDown();
      layer.arrival().awaitWhole();
      byte[] all = Files.readAllBytes(layer.file());
      System.arraycopy(half, 0, all, 0, half.length);
      read.add(all);
      return FILES;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private PulledLayers layers(Registry registry) {
    Descriptor layer =
        new Descriptor("application/vnd.oci.image.layer.v1.tar", Digest.of(RIGHT), RIGHT.length);
    PlatformImage image = new PlatformImage(Digest.of(WRONG), List.of(layer), List.of(), Map.of());
    return new PulledLayers(registry, image, temp, Progress.NONE, _ -> {});
  }

  private static Wanted wanted() {
    return new Wanted(Arch.ARM64, BootPaths.KNOWN_LAYOUTS, "");
  }

  private static byte[] first(byte[] bytes, int count) {
    return Arrays.copyOf(bytes, count);
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(10, TimeUnit.SECONDS)) {
        throw new AssertionError("nobody read the first half while the second was missing");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @FunctionalInterface
  private interface Fetch {
    void into(Path part, Progress progress) throws IOException;
  }

  /** A registry that can do nothing but fetch a layer. */
  private record Fetching(Fetch fetch) implements Registry {
    @Override
    public void download(Descriptor blob, Path part, Progress progress) {
      try {
        fetch.into(part, progress);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Digest resolve(@Nullable String tag) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<String> tags() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Manifest manifest(Digest digest) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Artifact artifact(Digest digest, int maxBytes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Referrers referrers(Digest subject, String artifactType) {
      throw new UnsupportedOperationException();
    }

    @Override
    public byte[] read(Descriptor blob, int maxBytes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
