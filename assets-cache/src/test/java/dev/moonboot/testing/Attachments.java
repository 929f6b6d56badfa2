package dev.moonboot.testing;

import static dev.moonboot.testing.RegistryFixture.bytes;
import static dev.moonboot.testing.RegistryFixture.descriptor;
import static dev.moonboot.testing.RegistryFixture.object;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Attaches artifacts to the images of one repository, as oras and cosign do: a manifest with a
 * subject, and where the registry has no referrers API the tag that stands in for it.
 */
public final class Attachments {
  private static final String EMPTY_TYPE = "application/vnd.oci.empty.v1+json";
  private static final byte[] EMPTY = "{}".getBytes(UTF_8);

  private final RegistryFixture registry;
  private final String repository;
  private final Map<Digest, List<Json>> byFallback = new LinkedHashMap<>();

  public Attachments(RegistryFixture registry, String repository) {
    this.registry = registry;
    this.repository = repository;
  }

  /** Attaches documents, each as a layer of that type; one for anything that cosign makes. */
  public Digest attach(Digest subject, String type, byte[]... documents) {
    registry.putBlob(repository, EMPTY);
    List<Json> layers = new ArrayList<>();
    for (byte[] document : documents) {
      registry.putBlob(repository, document);
      layers.add(descriptor(type, document));
    }
    return attach(
        subject,
        object(
            "schemaVersion",
            Json.Num.of(2),
            "mediaType",
            new Json.Str(RegistryFixture.MANIFEST),
            "artifactType",
            new Json.Str(type),
            "config",
            descriptor(EMPTY_TYPE, EMPTY),
            "layers",
            new Json.Arr(layers),
            "subject",
            object(
                "mediaType", new Json.Str(RegistryFixture.INDEX),
                "digest", new Json.Str(subject.toString()),
                "size", Json.Num.of(1))));
  }

  /** Attaches that manifest. */
  public Digest attach(Digest subject, Json.Obj manifest) {
    byte[] bytes = bytes(manifest);
    Digest digest = registry.putManifest(repository, RegistryFixture.MANIFEST, bytes);
    if (!registry.hasReferrers()) {
      List<Json> all = byFallback.computeIfAbsent(subject, _ -> new ArrayList<>());
      all.add(listed(manifest, bytes));
      Digest index = registry.putManifest(repository, RegistryFixture.INDEX, bytes(index(all)));
      registry.tag(repository, subject.fileName(), index);
    }
    return digest;
  }

  /** How the manifest stands in a list of referrers, if it refers to {@code subject}. */
  static Optional<Json> referrer(Digest subject, byte[] manifest) {
    if (!(JsonText.parse(new String(manifest, UTF_8)) instanceof Json.Obj json)) {
      return Optional.empty();
    }
    return json.object("subject")
        .flatMap(of -> of.text("digest"))
        .filter(subject.toString()::equals)
        .map(_ -> listed(json, manifest));
  }

  /** How the manifest stands in the index of a layout, if it is an artifact of some image. */
  static Optional<Json> artifact(byte[] manifest) {
    return JsonText.parse(new String(manifest, UTF_8)) instanceof Json.Obj json
            && json.member("subject").isPresent()
        ? Optional.of(listed(json, manifest))
        : Optional.empty();
  }

  private static Json listed(Json.Obj manifest, byte[] bytes) {
    Map<String, Json> members =
        new LinkedHashMap<>(descriptor(RegistryFixture.MANIFEST, bytes).members());
    manifest.member("artifactType").ifPresent(type -> members.put("artifactType", type));
    return new Json.Obj(members);
  }

  static Json.Obj index(List<Json> entries) {
    return object(
        "schemaVersion", Json.Num.of(2),
        "mediaType", new Json.Str(RegistryFixture.INDEX),
        "manifests", new Json.Arr(entries));
  }
}
