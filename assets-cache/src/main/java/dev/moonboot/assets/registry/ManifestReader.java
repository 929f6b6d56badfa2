package dev.moonboot.assets.registry;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the JSON of indexes and manifests, strictly and within {@link Limits}. */
final class ManifestReader {
  private final String what;

  ManifestReader(String what) {
    this.what = what;
  }

  /**
   * What an index says of an artifact.
   *
   * @param artifactType null when it says none
   */
  record Referrer(Descriptor descriptor, @Nullable String artifactType) {}

  /**
   * The manifest in {@code bytes}, which must already have been found to have {@code digest}.
   *
   * @param contentType of the answer that brought it; null when nothing is known
   */
  static Manifest read(Digest digest, byte[] bytes, @Nullable String contentType) {
    var reader = new ManifestReader("manifest " + digest);
    return reader.manifest(
        digest, reader.json(bytes, Limits.JSON_TOKENS), MediaTypes.ofHeader(contentType));
  }

  /** The artifact in {@code bytes}, which must already have been found to have {@code digest}. */
  static Artifact artifact(Digest digest, byte[] bytes) {
    return new ManifestReader("manifest " + digest).artifactOf(digest, bytes);
  }

  /** The JSON object in {@code bytes}; {@code what} begins the message when it is none. */
  static Json.Obj object(String what, byte[] bytes) {
    return new ManifestReader(what).json(bytes, Limits.JSON_TOKENS);
  }

  private Json.Obj json(byte[] bytes, int tokens) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (JsonText.parse(text, tokens) instanceof Json.Obj object) {
        return object;
      }
      throw malformed("not a JSON object");
    } catch (CharacterCodingException e) {
      throw malformed("not UTF-8");
    } catch (JsonException e) {
      throw malformed(e.getMessage());
    }
  }

  private Artifact artifactOf(Digest digest, byte[] bytes) {
    Json.Obj json = json(bytes, Limits.LIST_TOKENS);
    if (json.integer("schemaVersion").orElse(0L) != 2 || json.member("manifests").isPresent()) {
      throw malformed("not an image manifest");
    }
    Descriptor config =
        descriptor(
            json.object("config").orElseThrow(() -> malformed("\"config\" is no descriptor")));
    return new Artifact(
        digest,
        bytes.length,
        json.text("artifactType").orElse(config.mediaType()),
        json.object("subject").map(subject -> descriptor(subject).digest()).orElse(null),
        list(json, "layers", Limits.LIST_TOKENS, this::artifactLayer));
  }

  private Artifact.Layer artifactLayer(Json json) {
    Descriptor descriptor = descriptor(json);
    Map<String, String> annotations = new LinkedHashMap<>();
    ((Json.Obj) json) // or it were no descriptor
        .object("annotations")
        .ifPresent(found ->
            found
                .members()
                .keySet()
                .forEach(name -> found.text(name).ifPresent(text -> annotations.put(name, text))));
    return new Artifact.Layer(descriptor, annotations);
  }

  /** What an index of artifacts lists. */
  List<Referrer> referrers(byte[] bytes) {
    Json.Obj json = json(bytes, Limits.LIST_TOKENS);
    if (json.integer("schemaVersion").orElse(0L) != 2 || json.member("layers").isPresent()) {
      throw malformed("not an image index");
    }
    return list(
        json,
        "manifests",
        Limits.LIST_TOKENS,
        item ->
            new Referrer(descriptor(item), ((Json.Obj) item).text("artifactType").orElse(null)));
  }

  private Manifest manifest(Digest digest, Json.Obj json, @Nullable String headerType) {
    if (json.integer("schemaVersion").orElse(0L) != 2) {
      throw unsupported("schemaVersion is not 2 (schema 1 is not read): push the image anew");
    }
    boolean lists = json.member("manifests").isPresent();
    if (lists == json.member("layers").isPresent()) {
      // Both would let two readers see two images (image-spec, GHSA-77vh-xpmg-72qh).
      throw malformed("exactly one of \"manifests\" and \"layers\" was expected");
    }
    String type = type(json, headerType, lists);
    if (MediaTypes.isIndex(type) && lists) {
      return new Manifest.Index(digest, list(json, "manifests", Limits.INDEX_ENTRIES, this::entry));
    }
    if (MediaTypes.isImage(type) && !lists) {
      return image(digest, json);
    }
    throw unsupported("media type " + shown(type) + " is not one that is read");
  }

  private String type(Json.Obj json, @Nullable String headerType, boolean lists) {
    String bodyType = json.text("mediaType").orElse(null);
    if (bodyType != null && headerType != null && !bodyType.equals(headerType)) {
      throw malformed(
          "the registry calls it %s, its own text %s"
              .formatted(shown(headerType), shown(bodyType)));
    }
    if (bodyType != null) {
      return bodyType;
    }
    if (headerType != null) {
      return headerType;
    }
    return lists ? MediaTypes.OCI_INDEX : MediaTypes.OCI_MANIFEST;
  }

  private Manifest.Image image(Digest digest, Json.Obj json) {
    Json.Obj config =
        json.object("config").orElseThrow(() -> malformed("\"config\" is no descriptor"));
    List<Descriptor> layers = list(json, "layers", Limits.LAYERS, this::descriptor);
    long sum = 0;
    for (Descriptor layer : layers) {
      sum += layer.size(); // cannot overflow: each was checked
      if (layer.size() > Limits.LAYER || sum > Limits.IMAGE) {
        throw new RegistryException(
            Reason.TOO_LARGE,
            "%s: layers of more than %d GiB each or %d GiB together are not taken"
                .formatted(what, Limits.LAYER >> 30, Limits.IMAGE >> 30));
      }
    }
    return new Manifest.Image(digest, descriptor(config), layers);
  }

  private Manifest.Entry entry(Json json) {
    Descriptor descriptor = descriptor(json);
    Json.Obj object = (Json.Obj) json; // or it were no descriptor
    Json.Obj platform = object.object("platform").orElse(new Json.Obj(Map.of()));
    return new Manifest.Entry(
        descriptor,
        platform.text("os").orElse(null),
        platform.text("architecture").orElse(null),
        platform.text("variant").orElse(null),
        object
            .object("annotations")
            .flatMap(annotations -> annotations.text("vnd.docker.reference.type"))
            .filter("attestation-manifest"::equals)
            .isPresent());
  }

  private Descriptor descriptor(Json json) {
    if (!(json instanceof Json.Obj object)) {
      throw malformed("a descriptor was expected");
    }
    String type =
        object.text("mediaType").orElseThrow(() -> malformed("a descriptor has no media type"));
    Digest digest =
        digest(object.text("digest").orElseThrow(() -> malformed("a descriptor has no digest")));
    long size =
        object
            .integer("size")
            .filter(bytes -> bytes >= 0)
            .orElseThrow(() -> malformed("the size of " + digest + " is no size"));
    // "urls" is left unread: nothing is fetched from where a manifest points.
    return new Descriptor(type, digest, size);
  }

  private Digest digest(String text) {
    try {
      return Digest.parse(text);
    } catch (IllegalArgumentException e) {
      throw text.startsWith("sha512:") ? unsupported(e.getMessage()) : malformed(e.getMessage());
    }
  }

  private <T> List<T> list(Json.Obj json, String name, int max, Function<Json, T> read) {
    List<Json> items = json.array(name).orElseThrow(() -> malformed("\"" + name + "\" is no list"));
    if (items.size() > max) {
      throw new RegistryException(
          Reason.TOO_LARGE,
          "%s: %d %s, at most %d are taken".formatted(what, items.size(), name, max));
    }
    return items.stream().map(read).toList();
  }

  private static String shown(String type) {
    String text = type.replaceAll("[^ -~]", "?");
    return text.length() <= 100 ? text : text.substring(0, 97) + "...";
  }

  private RegistryException malformed(@Nullable String why) {
    return new RegistryException(Reason.MALFORMED, what + ": " + why);
  }

  private RegistryException unsupported(@Nullable String why) {
    return new RegistryException(Reason.UNSUPPORTED, what + ": " + why);
  }
}
