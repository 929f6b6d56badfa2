package dev.moonboot.assets.registry;

import dev.moonboot.assets.Digest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An image manifest that carries no image but something that belongs to one, such as a signature
 * (OCI image-spec, manifest.md, "Guidelines for Artifact Usage").
 *
 * @param digest SHA-256 of the manifest's bytes, computed by us
 * @param size of the manifest, in bytes
 * @param type its {@code artifactType}; where it has none, the media type of its configuration
 * @param subject what it belongs to; null when it does not say
 */
public record Artifact(
    Digest digest, int size, String type, @Nullable Digest subject, List<Layer> layers) {
  /** A layer with what is written beside its descriptor. */
  public record Layer(Descriptor descriptor, Map<String, String> annotations) {
    public Layer {
      annotations = Map.copyOf(annotations);
    }
  }

  public Artifact {
    layers = List.copyOf(layers);
  }
}
