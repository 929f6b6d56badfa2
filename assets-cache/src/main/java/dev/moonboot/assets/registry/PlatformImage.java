package dev.moonboot.assets.registry;

import dev.moonboot.assets.Digest;
import java.util.List;
import java.util.Map;

/**
 * The image for one platform, as an index or a tag led to it.
 *
 * @param manifest digest of the image manifest
 * @param layers base first
 * @param diffIds digest of each layer's unpacked tar, same order and count as {@code layers}; empty
 *     only where the configuration is not an image configuration (Image Factory's cache objects)
 * @param labels of the configuration
 */
public record PlatformImage(
    Digest manifest, List<Descriptor> layers, List<Digest> diffIds, Map<String, String> labels) {
  public PlatformImage {
    layers = List.copyOf(layers);
    diffIds = List.copyOf(diffIds);
    labels = Map.copyOf(labels);
  }
}
