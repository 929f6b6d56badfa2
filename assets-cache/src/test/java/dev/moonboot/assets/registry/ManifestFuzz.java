package dev.moonboot.assets.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.testing.Fuzz;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Any bytes as a manifest or configuration: read within all limits, or refused as we promise. */
public final class ManifestFuzz {
  private static final String DIGEST = "sha256:" + "a".repeat(64);
  private static final Manifest.Image IMAGE =
      new Manifest.Image(
          Digest.parse(DIGEST),
          new Descriptor("application/vnd.oci.image.config.v1+json", Digest.parse(DIGEST), 1),
          List.of(
              new Descriptor("application/vnd.oci.image.layer.v1.tar", Digest.parse(DIGEST), 1)));

  private ManifestFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Fuzz.bounded(() -> {
      try {
        check(ManifestReader.read(Digest.of(input), input, null));
      } catch (RegistryException e) {
        // what is promised
      }
      try {
        check(ImageConfig.of(new Answering(input), IMAGE));
      } catch (RegistryException e) {
        // what is promised
      }
    });
  }

  private static void check(Manifest manifest) {
    switch (manifest) {
      case Manifest.Index(var _, var entries) -> {
        require(entries.size() <= Limits.INDEX_ENTRIES, manifest);
        entries.forEach(entry -> require(entry.descriptor().size() >= 0, manifest));
      }
      case Manifest.Image(var _, var config, var layers) -> {
        require(config.size() >= 0 && layers.size() <= Limits.LAYERS, manifest);
        layers.forEach(
            layer -> require(layer.size() >= 0 && layer.size() <= Limits.LAYER, manifest));
        require(layers.stream().mapToLong(Descriptor::size).sum() <= Limits.IMAGE, manifest);
      }
    }
  }

  private static void check(ImageConfig config) {
    require(config.diffIds().size() == 1, config);
  }

  private static void require(boolean holds, Object what) {
    if (!holds) {
      throw new AssertionError(what.toString());
    }
  }

  /** A registry in which every blob is the same. */
  private static final class Answering implements Registry {
    private final byte[] blob;

    Answering(byte[] blob) {
      this.blob = blob;
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
    public byte[] read(Descriptor wanted, int maxBytes) {
      return blob;
    }

    @Override
    public void download(Descriptor wanted, Path part, Progress progress) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  static List<byte[]> seeds() {
    String descriptor = "{\"mediaType\": \"%s\", \"digest\": \"" + DIGEST + "\", \"size\": %d}";
    String layer = descriptor.formatted("application/vnd.oci.image.layer.v1.tar+gzip", 1234);
    return List.of(
        """
        {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
         "config": %s, "layers": [%s, %s]}
        """
            .formatted(
                descriptor.formatted("application/vnd.oci.image.config.v1+json", 99), layer, layer)
            .getBytes(UTF_8),
        """
        {"schemaVersion": 2, "manifests": [%s, {"mediaType": "m", "digest": "%s", "size": 1,
         "platform": {"os": "linux", "architecture": "arm64", "variant": "v8"},
         "annotations": {"vnd.docker.reference.type": "attestation-manifest"}}]}
        """
            .formatted(layer, DIGEST)
            .getBytes(UTF_8),
        """
        {"os": "linux", "architecture": "amd64", "rootfs": {"type": "layers",
         "diff_ids": ["%s"]}, "config": {"Labels": {"a": "b", "c": null}}}
        """
            .formatted(DIGEST)
            .getBytes(UTF_8));
  }
}
