package dev.moonboot.assets.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.registry.Artifact;
import dev.moonboot.assets.registry.Descriptor;
import dev.moonboot.assets.registry.Manifest;
import dev.moonboot.assets.registry.Referrers;
import dev.moonboot.assets.registry.Registry;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.files.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A registry without a network: images of toy layers, counted requests, faults on demand. */
final class MemoryRegistry implements Registry {
  private static final String LAYER = "application/vnd.oci.image.layer.v1.tar";
  private static final String CONFIG = "application/vnd.oci.image.config.v1+json";
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  /** Told of every chunk of a layer before it is written. */
  interface Weather {
    void blows(Digest layer, long done);
  }

  final AtomicInteger resolves = new AtomicInteger();
  final AtomicInteger manifestReads = new AtomicInteger();
  final AtomicLong bytesOut = new AtomicLong();
  final Map<Digest, Integer> downloads = new ConcurrentHashMap<>();
  volatile int chunk = 64 << 10; // bytes written at once
  volatile Weather weather = (_, _) -> {};

  private final Map<Digest, Manifest> manifests = new HashMap<>();
  private final Map<Digest, byte[]> blobs = new HashMap<>();
  private final Map<String, Digest> tags = new ConcurrentHashMap<>();

  /** A layer that {@link ToyExtraction} reads: kernel and initramfs made of {@code seed}. */
  static byte[] layer(String seed, int size) {
    byte[] bytes = new byte[size];
    byte[] pattern = (seed + "\n").getBytes(UTF_8);
    for (int i = 0; i < size; i++) {
      bytes[i] = pattern[i % pattern.length];
    }
    return bytes;
  }

  /** An image for one architecture. */
  Digest image(Arch arch, byte[]... layers) {
    List<Descriptor> descriptors = new ArrayList<>();
    List<String> diffIds = new ArrayList<>();
    for (byte[] layer : layers) {
      descriptors.add(blob(LAYER, layer));
      diffIds.add("\"" + Digest.of(layer) + "\"");
    }
    String text =
        "{\"os\":\"linux\",\"architecture\":\"%s\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[%s]}}"
            .formatted(arch.id(), String.join(",", diffIds));
    Descriptor config = blob(CONFIG, text.getBytes(UTF_8));
    Digest digest = Digest.of((config + descriptors.toString()).getBytes(UTF_8));
    manifests.put(digest, new Manifest.Image(digest, config, descriptors));
    return digest;
  }

  /**
   * An index of images.
   *
   * @param note makes the index another one though its images are the same
   */
  Digest index(String note, Map<Arch, Digest> images) {
    List<Manifest.Entry> entries = new ArrayList<>();
    new EnumMap<>(images)
        .forEach((arch, image) ->
            entries.add(
                new Manifest.Entry(
                    new Descriptor(MANIFEST, image, 1), "linux", arch.id(), null, false)));
    Digest digest = Digest.of((note + entries).getBytes(UTF_8));
    manifests.put(digest, new Manifest.Index(digest, entries));
    return digest;
  }

  /** An index of one toy image for each architecture, tagged. */
  Digest push(String tag, String seed, Arch... arches) {
    Map<Arch, Digest> images = new EnumMap<>(Arch.class);
    for (Arch arch : arches) {
      byte[] base = layer("base", 10_000);
      images.put(arch, image(arch, base, layer(arch.id() + " " + seed, 200_000)));
    }
    Digest index = index(seed, images);
    tag(tag, index);
    return index;
  }

  void tag(String tag, Digest digest) {
    tags.put(tag, digest);
  }

  void untag(String tag) {
    tags.remove(tag);
  }

  private Descriptor blob(String mediaType, byte[] bytes) {
    Digest digest = Digest.of(bytes);
    blobs.put(digest, bytes);
    return new Descriptor(mediaType, digest, bytes.length);
  }

  int layerDownloads() {
    return downloads.values().stream().mapToInt(Integer::intValue).sum();
  }

  @Override
  public Digest resolve(@Nullable String tag) {
    resolves.incrementAndGet();
    return found(tags.get(String.valueOf(tag)), "tag " + tag);
  }

  @Override
  public List<String> tags() {
    return List.copyOf(tags.keySet());
  }

  @Override
  public Manifest manifest(Digest digest) {
    manifestReads.incrementAndGet();
    return found(manifests.get(digest), "manifest " + digest);
  }

  @Override
  public Artifact artifact(Digest digest, int maxBytes) {
    throw new RegistryException(Reason.NOT_FOUND, "nothing is attached to images here");
  }

  @Override
  public Referrers referrers(Digest subject, String artifactType) {
    return new Referrers(List.of(), false);
  }

  @Override
  public byte[] read(Descriptor blob, int maxBytes) {
    return found(blobs.get(blob.digest()), "blob " + blob.digest());
  }

  private static <T> T found(@Nullable T value, String what) {
    if (value == null) {
      throw new RegistryException(Reason.NOT_FOUND, what + " does not exist");
    }
    return value;
  }

  @Override
  public void download(Descriptor blob, Path part, Progress progress) {
    byte[] bytes = found(blobs.get(blob.digest()), "blob " + blob.digest());
    downloads.merge(blob.digest(), 1, Integer::sum);
    try {
      int have = have(part, bytes);
      try (FileChannel out = FileChannel.open(part, CREATE, WRITE)) {
        out.truncate(have).position(have);
        for (int at = have; at < bytes.length; ) {
          weather.blows(blob.digest(), at);
          int n = Math.min(chunk, bytes.length - at);
          bytesOut.addAndGet(n);
          Disk.writeFully(out, ByteBuffer.wrap(bytes, at, n));
          at += n;
          progress.bytes(at, bytes.length);
        }
      }
    } catch (IOException e) {
      throw new RegistryException(Reason.LOCAL_IO, "cannot write " + part + ": " + e, e, null);
    }
  }

  /** Whatever of the part is right is kept. */
  private static int have(Path part, byte[] bytes) throws IOException {
    if (!Files.exists(part)) {
      return 0;
    }
    byte[] there = Files.readAllBytes(part);
    boolean right =
        there.length <= bytes.length
            && Arrays.equals(there, 0, there.length, bytes, 0, there.length);
    return right ? there.length : 0;
  }

  @Override
  public void close() {}
}
