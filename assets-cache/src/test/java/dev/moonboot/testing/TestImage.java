package dev.moonboot.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An image as bytes, ready to be put into a registry: blobs first, then manifests, then {@link
 * #top()} under a tag.
 *
 * @param top what a tag names: an index, or the only manifest
 * @param manifests what {@code top} lists, attestations included; without {@code top} itself
 * @param blobs configurations and layers
 * @param platforms the images, by the architecture they claim
 */
public record TestImage(
    Blob top, List<Blob> manifests, List<Blob> blobs, Map<Arch, Platform> platforms) {

  /** Bytes with their media type. */
  public static final class Blob {
    private final String mediaType;
    private final byte[] bytes;
    private final Digest digest;

    public Blob(String mediaType, byte[] bytes) {
      this.mediaType = mediaType;
      this.bytes = bytes.clone();
      this.digest = Digest.of(bytes);
    }

    public String mediaType() {
      return mediaType;
    }

    public byte[] bytes() {
      return bytes.clone();
    }

    public Digest digest() {
      return digest;
    }

    String descriptor(String more) {
      return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d%s}"
          .formatted(mediaType, digest, bytes.length, more);
    }
  }

  /** The image of one architecture; {@code layers} and {@code diffIds} base first. */
  public record Platform(
      Arch arch,
      boolean named,
      Blob manifest,
      Blob config,
      List<Blob> layers,
      List<Digest> diffIds) {
    Stream<Blob> blobs() {
      return Stream.concat(Stream.of(config), layers.stream());
    }
  }

  /** How layers are compressed and what they are called. */
  public enum Packing {
    OCI_TAR,
    OCI_GZIP,
    OCI_ZSTD,
    DOCKER_GZIP;

    boolean isDocker() {
      return this == DOCKER_GZIP;
    }

    public String layerType() {
      return switch (this) {
        case OCI_TAR -> "application/vnd.oci.image.layer.v1.tar";
        case OCI_GZIP -> "application/vnd.oci.image.layer.v1.tar+gzip";
        case OCI_ZSTD -> "application/vnd.oci.image.layer.v1.tar+zstd";
        case DOCKER_GZIP -> "application/vnd.docker.image.rootfs.diff.tar.gzip";
      };
    }

    public byte[] pack(byte[] tar) {
      return switch (this) {
        case OCI_TAR -> tar;
        case OCI_GZIP, DOCKER_GZIP -> KernelFixture.gzip(tar);
        case OCI_ZSTD -> Zstd.compress(tar, 3);
      };
    }
  }

  public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  public static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
  public static final String DOCKER_LIST =
      "application/vnd.docker.distribution.manifest.list.v2+json";
  public static final String DOCKER_MANIFEST =
      "application/vnd.docker.distribution.manifest.v2+json";
  public static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";

  /**
   * An image for one architecture from unpacked tars.
   *
   * @param named whether an index names its platform, as buildx does and some tools do not
   */
  public static Platform platform(Arch arch, boolean named, Packing packing, byte[]... tars) {
    List<Blob> layers = new ArrayList<>();
    List<Digest> diffIds = new ArrayList<>();
    for (byte[] tar : tars) {
      layers.add(new Blob(packing.layerType(), packing.pack(tar)));
      diffIds.add(Digest.of(tar));
    }
    return platform(arch, named, packing.isDocker(), layers, diffIds);
  }

  /** An image for one architecture from layers as they are to be stored. */
  public static Platform platform(
      Arch arch, boolean named, boolean docker, List<Blob> layers, List<Digest> diffIds) {
    String ids = diffIds.stream().map(id -> "\"" + id + "\"").collect(Collectors.joining(","));
    Blob config =
        json(
            docker ? DOCKER_CONFIG : OCI_CONFIG,
            "{\"architecture\":\"%s\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[%s]}}"
                .formatted(arch.id(), ids));
    return new Platform(arch, named, manifest(docker, config, layers), config, layers, diffIds);
  }

  private static Blob manifest(boolean docker, Blob config, List<Blob> layers) {
    String type = docker ? DOCKER_MANIFEST : OCI_MANIFEST;
    String list =
        layers.stream().map(layer -> layer.descriptor("")).collect(Collectors.joining(","));
    return json(
        type,
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
            .formatted(type, config.descriptor(""), list));
  }

  /** An image whose tag names its manifest directly. */
  public static TestImage single(Platform platform) {
    return new TestImage(
        platform.manifest(),
        List.of(),
        platform.blobs().toList(),
        Map.of(platform.arch(), platform));
  }

  /** An OCI index of these; {@code attested} adds what buildx puts beside every image. */
  public static TestImage index(boolean attested, Platform... platforms) {
    List<Blob> manifests = new ArrayList<>();
    Map<Digest, Blob> blobs = new LinkedHashMap<>();
    Map<Arch, Platform> byArch = new LinkedHashMap<>();
    List<String> entries = new ArrayList<>();
    for (Platform platform : platforms) {
      byArch.put(platform.arch(), platform);
      manifests.add(platform.manifest());
      platform.blobs().forEach(blob -> blobs.put(blob.digest(), blob));
      entries.add(platform.manifest().descriptor(platform.named() ? names(platform.arch()) : ""));
    }
    if (attested) {
      Platform proof = attestation();
      proof.blobs().forEach(blob -> blobs.put(blob.digest(), blob));
      manifests.add(proof.manifest());
      for (Platform platform : platforms) {
        entries.add(proof.manifest().descriptor(attests(platform.manifest().digest())));
      }
    }
    Blob top =
        json(
            OCI_INDEX,
            "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
                .formatted(OCI_INDEX, String.join(",", entries)));
    return new TestImage(top, manifests, List.copyOf(blobs.values()), byArch);
  }

  private static String names(Arch arch) {
    return ",\"platform\":{\"architecture\":\"%s\",\"os\":\"linux\"}".formatted(arch.id());
  }

  private static String attests(Digest image) {
    return ",\"platform\":{\"architecture\":\"unknown\",\"os\":\"unknown\"},\"annotations\":{\"vnd.docker.reference.digest\":\"%s\",\"vnd.docker.reference.type\":\"attestation-manifest\"}"
        .formatted(image);
  }

  private static Platform attestation() {
    Blob statement =
        json("application/vnd.in-toto+json", "{\"_type\":\"https://in-toto.io/Statement/v0.1\"}");
    return platform(Arch.AMD64, false, false, List.of(statement), List.of(statement.digest()));
  }

  static Blob json(String mediaType, String text) {
    return new Blob(mediaType, text.getBytes(UTF_8));
  }

  /** The image for one architecture. */
  public Platform platform(Arch arch) {
    Platform platform = platforms.get(arch);
    if (platform == null) {
      throw new IllegalArgumentException("this test image has nothing for " + arch.id());
    }
    return platform;
  }

  /**
   * Writes an OCI image layout (image-spec, image-layout.md).
   *
   * @param tag null for none
   */
  public void writeLayout(Path directory, @Nullable String tag) throws IOException {
    Path shelf = Files.createDirectories(directory.resolve("blobs/sha256"));
    for (Blob blob : (Iterable<Blob>) everything()::iterator) {
      Files.write(shelf.resolve(blob.digest().hex()), blob.bytes());
    }
    String name =
        tag == null
            ? ""
            : ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"" + tag + "\"}";
    Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    Files.writeString(
        directory.resolve("index.json"),
        "{\"schemaVersion\":2,\"manifests\":[" + top.descriptor(name) + "]}");
  }

  private Stream<Blob> everything() {
    return Stream.of(Stream.of(top), manifests.stream(), blobs.stream()).flatMap(s -> s);
  }
}
