package dev.moonboot.assets.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The image beside an image that has its signatures, one a layer, whoever made them (cosign,
 * SIGNATURE_SPEC, "Storage").
 */
final class SignatureImage {
  private SignatureImage() {}

  /**
   * What is to be put there.
   *
   * @param config what the manifest names as its configuration
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Longer(ImagePush.Document manifest, byte[] config) {}

  /**
   * The signatures that are there and those that are added; empty when all are there already.
   *
   * @param what begins the message when what is there is none
   * @throws RegistryException when what is there are no signatures
   */
  static Optional<Longer> with(String what, byte[] there, ImagePush.Document added) {
    Json.Obj ours = ManifestReader.object("a manifest of ours", added.bytes());
    List<Json> layers = new ArrayList<>(layers(what, there));
    List<Json> missing =
        ours.array("layers").orElseThrow().stream().filter(each -> !layers.contains(each)).toList();
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    layers.addAll(missing);
    byte[] config = config(layers);
    Map<String, Json> members = new LinkedHashMap<>(ours.members());
    members.put("config", config(ours, config));
    members.put("layers", new Json.Arr(layers));
    byte[] bytes = new Json.Obj(members).compact().getBytes(UTF_8);
    return Optional.of(
        new Longer(new ImagePush.Document(bytes, added.mediaType(), added.tag()), config));
  }

  private static List<Json> layers(String what, byte[] bytes) {
    return ManifestReader.object(what, bytes)
        .array("layers")
        .orElseThrow(() ->
            new RegistryException(
                Reason.MALFORMED,
                what + " has no signatures, and was left as it is; delete that tag"));
  }

  /** The layers are not packed: their digests are those of what is in them. */
  private static byte[] config(List<Json> layers) {
    List<Json> digests =
        layers.stream()
            .filter(Json.Obj.class::isInstance)
            .flatMap(layer -> ((Json.Obj) layer).member("digest").stream())
            .toList();
    Map<String, Json> rootfs = new LinkedHashMap<>();
    rootfs.put("type", new Json.Str("layers"));
    rootfs.put("diff_ids", new Json.Arr(digests));
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("architecture", new Json.Str(""));
    members.put("os", new Json.Str(""));
    members.put("rootfs", new Json.Obj(rootfs));
    return new Json.Obj(members).compact().getBytes(UTF_8);
  }

  private static Json config(Json.Obj manifest, byte[] config) {
    Map<String, Json> members =
        new LinkedHashMap<>(manifest.object("config").orElseThrow().members());
    members.put("digest", new Json.Str(Digest.of(config).toString()));
    members.put("size", Json.Num.of(config.length));
    return new Json.Obj(members);
  }
}
