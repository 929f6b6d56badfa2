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
import org.jspecify.annotations.Nullable;

/**
 * The list of what refers to an image, as it is kept under a tag where a registry has no such lists
 * itself (distribution-spec 1.1, "Referrers Tag Schema").
 */
final class ReferrerIndex {
  private ReferrerIndex() {}

  /** The image that a manifest refers to. */
  static Optional<Digest> subject(ImagePush.Document document) {
    Json.Obj content = ManifestReader.object("a manifest of ours", document.bytes());
    return content.object("subject").flatMap(of -> of.text("digest")).map(Digest::parse);
  }

  /**
   * The list with one more in it; empty when it is in it already. Whatever else is in it stays.
   *
   * @param what begins the message when the list is none
   * @param there null when there is no list yet
   * @throws RegistryException when what is there is no such list
   */
  static Optional<byte[]> with(String what, byte @Nullable [] there, ImagePush.Document added) {
    Map<String, Json> index = new LinkedHashMap<>();
    index.put("schemaVersion", Json.Num.of(2));
    index.put("mediaType", new Json.Str(MediaTypes.OCI_INDEX));
    List<Json> all = new ArrayList<>();
    if (there != null) {
      index.putAll(list(what, there).members());
      all.addAll(list(what, there).array("manifests").orElseThrow());
    }
    String digest = Digest.of(added.bytes()).toString();
    if (all.stream().anyMatch(item -> names(item, digest))) {
      return Optional.empty();
    }
    all.add(descriptor(added, digest));
    index.put("manifests", new Json.Arr(all));
    return Optional.of(new Json.Obj(index).compact().getBytes(UTF_8));
  }

  private static Json.Obj list(String what, byte[] bytes) {
    Json.Obj list = ManifestReader.object(what, bytes);
    if (list.array("manifests").isEmpty() || list.member("layers").isPresent()) {
      throw new RegistryException(
          Reason.MALFORMED,
          what + " is no list of what refers to an image, and was left as it is; delete that tag");
    }
    return list;
  }

  private static boolean names(Json item, String digest) {
    return item instanceof Json.Obj descriptor
        && descriptor.text("digest").filter(digest::equals).isPresent();
  }

  private static Json.Obj descriptor(ImagePush.Document of, String digest) {
    Json.Obj content = ManifestReader.object("a manifest of ours", of.bytes());
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("mediaType", new Json.Str(of.mediaType()));
    members.put("digest", new Json.Str(digest));
    members.put("size", Json.Num.of(of.bytes().length));
    for (String told : List.of("artifactType", "annotations")) {
      content.member(told).ifPresent(value -> members.put(told, value));
    }
    return new Json.Obj(members);
  }
}
