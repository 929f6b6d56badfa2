package dev.moonboot.assets.registry;

import dev.moonboot.assets.Digest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a digest names in a repository: an index of platforms, or the image for one platform. */
public sealed interface Manifest {
  /** SHA-256 of the manifest's bytes, computed by us. */
  Digest digest();

  /** An OCI image index or a Docker manifest list. */
  record Index(Digest digest, List<Entry> entries) implements Manifest {
    public Index {
      entries = List.copyOf(entries);
    }
  }

  /**
   * One manifest of an index.
   *
   * @param os null when the index names no platform
   * @param architecture null when the index names no platform
   * @param variant null when absent
   * @param attestation true for what buildx adds beside images (provenance, SBOM)
   */
  record Entry(
      Descriptor descriptor,
      @Nullable String os,
      @Nullable String architecture,
      @Nullable String variant,
      boolean attestation) {}

  /** An OCI image manifest or a Docker v2 schema 2 manifest; layers base first. */
  record Image(Digest digest, Descriptor config, List<Descriptor> layers) implements Manifest {
    public Image {
      layers = List.copyOf(layers);
    }
  }
}
