package dev.moonboot.testing;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** A registry for tests, into which images are put: the fake one or a real one. */
public interface RegistryFixture extends AutoCloseable {
  /** Media types used here: OCI's. */
  String INDEX = "application/vnd.oci.image.index.v1+json";

  String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  String CONFIG = "application/vnd.oci.image.config.v1+json";
  String LAYER = "application/vnd.oci.image.layer.v1.tar";
  String LAYER_GZIP = LAYER + "+gzip";

  /** {@code host:port}. */
  String address();

  /** Settings with which this registry can be read. */
  RegistrySettings settings();

  /** Keeps a blob. */
  Digest putBlob(String repository, byte[] bytes);

  /** Keeps a manifest or index; tag it to make it found by name. */
  Digest putManifest(String repository, String mediaType, byte[] bytes);

  /** Whether it answers the referrers API of distribution-spec 1.1. */
  boolean hasReferrers();

  /** Lets a tag name a manifest, whatever it named before. */
  void tag(String repository, String tag, Digest manifest);

  @Override
  void close();

  /** Keeps a whole image, with the tag naming it; gives the digest of what is tagged. */
  default Digest push(String repository, String tag, TestImage image) {
    image.blobs().forEach(blob -> putBlob(repository, blob.bytes()));
    image.manifests().forEach(blob -> putManifest(repository, blob.mediaType(), blob.bytes()));
    Digest top = putManifest(repository, image.top().mediaType(), image.top().bytes());
    tag(repository, tag, top);
    return top;
  }

  /** The repository as a source image. */
  default SourceImage.Repository source(String repository) {
    return new SourceImage.Repository(address(), repository);
  }

  /** The tag as a reference. */
  default ImageReference reference(String repository, String tag) {
    return new ImageReference(source(repository), tag, null);
  }

  /** An image for one architecture; layers base first, as tar or gzipped tar. */
  default Digest image(String repository, Arch arch, byte[]... layers) {
    return image(repository, arch.id(), Map.of(), layers);
  }

  /** An image for any architecture, with labels in its configuration. */
  default Digest image(
      String repository, String architecture, Map<String, String> labels, byte[]... layers) {
    List<Json> diffIds =
        Arrays.stream(layers)
            .<Json>map(layer -> new Json.Str(Digest.of(unpacked(layer)).toString()))
            .toList();
    Map<String, Json> labelled = new LinkedHashMap<>();
    labels.forEach((name, value) -> labelled.put(name, new Json.Str(value)));
    byte[] config =
        bytes(
            object(
                "architecture",
                new Json.Str(architecture),
                "os",
                new Json.Str("linux"),
                "config",
                object("Labels", new Json.Obj(labelled)),
                "rootfs",
                object("type", new Json.Str("layers"), "diff_ids", new Json.Arr(diffIds))));
    putBlob(repository, config);
    List<Json> descriptors =
        Arrays.stream(layers)
            .<Json>map(layer -> {
              putBlob(repository, layer);
              return descriptor(isGzip(layer) ? LAYER_GZIP : LAYER, layer);
            })
            .toList();
    return putManifest(
        repository,
        MANIFEST,
        bytes(
            object(
                "schemaVersion",
                Json.Num.of(2),
                "mediaType",
                new Json.Str(MANIFEST),
                "config",
                descriptor(CONFIG, config),
                "layers",
                new Json.Arr(descriptors))));
  }

  /** An index of images that were put before. */
  default Digest index(String repository, Map<Arch, Digest> images) {
    List<Json> entries =
        images.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .<Json>map(image ->
                object(
                    "mediaType",
                    new Json.Str(MANIFEST),
                    "digest",
                    new Json.Str(image.getValue().toString()),
                    "size",
                    Json.Num.of(manifestSize(repository, image.getValue())),
                    "platform",
                    object(
                        "architecture", new Json.Str(image.getKey().id()),
                        "os", new Json.Str("linux"))))
            .toList();
    return putManifest(
        repository,
        INDEX,
        bytes(
            object(
                "schemaVersion", Json.Num.of(2),
                "mediaType", new Json.Str(INDEX),
                "manifests", new Json.Arr(entries))));
  }

  /** Size in bytes of a manifest that was put before. */
  long manifestSize(String repository, Digest manifest);

  /** A descriptor of {@code content}. */
  static Json.Obj descriptor(String mediaType, byte[] content) {
    return object(
        "mediaType", new Json.Str(mediaType),
        "digest", new Json.Str(Digest.of(content).toString()),
        "size", Json.Num.of(content.length));
  }

  /** An object of names and values by turns. */
  static Json.Obj object(Object... namesAndValues) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put((String) namesAndValues[i], (Json) namesAndValues[i + 1]);
    }
    return new Json.Obj(members);
  }

  /** The text of a JSON value as it travels. */
  static byte[] bytes(Json json) {
    return json.compact().getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isGzip(byte[] layer) {
    return layer.length > 2 && layer[0] == 0x1f && layer[1] == (byte) 0x8b;
  }

  private static byte[] unpacked(byte[] layer) {
    if (!isGzip(layer)) {
      return layer;
    }
    try (var in = new GZIPInputStream(new ByteArrayInputStream(layer))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
