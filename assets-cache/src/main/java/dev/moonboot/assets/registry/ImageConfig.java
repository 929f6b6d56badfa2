package dev.moonboot.assets.registry;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What we read of an image configuration (OCI image-spec, config.md).
 *
 * @param os null when it does not say
 * @param architecture null when it does not say
 */
record ImageConfig(
    @Nullable String os,
    @Nullable String architecture,
    List<Digest> diffIds,
    Map<String, String> labels) {
  /** Of an image whose configuration is something else, such as Image Factory's cache objects. */
  static final ImageConfig NONE = new ImageConfig(null, null, List.of(), Map.of());

  /** The configuration that {@code image} names, checked to fit its layers. */
  static ImageConfig of(Registry registry, Manifest.Image image) {
    if (!MediaTypes.isImageConfig(image.config().mediaType())) {
      return NONE;
    }
    String what = "configuration " + image.config().digest();
    Json.Obj json = ManifestReader.object(what, registry.read(image.config(), Limits.CONFIG));
    ImageConfig config =
        new ImageConfig(
            json.text("os").orElse(null),
            json.text("architecture").orElse(null),
            diffIds(what, json),
            labels(json));
    boolean raw = image.layers().stream().allMatch(l -> l.mediaType().equals("application/data"));
    if (config.diffIds.size() != image.layers().size() && !(raw && config.diffIds.isEmpty())) {
      throw new RegistryException(
          Reason.MALFORMED,
          "%s: %d diff_ids for the %d layers of manifest %s"
              .formatted(what, config.diffIds.size(), image.layers().size(), image.digest()));
    }
    return config;
  }

  private static List<Digest> diffIds(String what, Json.Obj json) {
    List<Digest> digests = new ArrayList<>();
    for (Json item :
        json.object("rootfs").flatMap(rootfs -> rootfs.array("diff_ids")).orElse(List.of())) {
      try {
        digests.add(Digest.parse(item instanceof Json.Str(var text) ? text : ""));
      } catch (IllegalArgumentException e) {
        throw new RegistryException(Reason.MALFORMED, what + ": diff_ids: " + e.getMessage());
      }
    }
    return digests;
  }

  private static Map<String, String> labels(Json.Obj json) {
    Map<String, String> labels = new LinkedHashMap<>();
    json.object("config")
        .flatMap(config -> config.object("Labels"))
        .ifPresent(object ->
            object
                .members()
                .forEach((name, value) -> {
                  if (value instanceof Json.Str(var text)) {
                    labels.put(name, text);
                  }
                }));
    return labels;
  }
}
