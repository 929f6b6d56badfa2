package dev.moonboot.assets.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.json.Json;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Writes signatures in the forms that cosign reads, and {@link SignaturePolicy}: bundles of
 * Sigstore (sigstore_bundle.proto, version 0.3), and the older image beside the image.
 */
public final class SignatureForms {
  private static final String SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json";
  private static final String EMPTY_TYPE = "application/vnd.oci.empty.v1+json";

  private final Digest fingerprint;
  private final Function<Digest, byte[]> signer;

  /**
   * @param fingerprint of the public key
   * @param signer {@link SigningKey#signHash}, or what kept its signatures
   */
  public SignatureForms(Digest fingerprint, Function<Digest, byte[]> signer) {
    this.fingerprint = fingerprint;
    this.signer = signer;
  }

  /**
   * What a registry holds of a signature: manifests and blobs alike.
   *
   * @param mediaType as a descriptor names it
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Document(String mediaType, byte[] bytes) {
    /** By which a registry knows it. */
    public Digest digest() {
      return Digest.of(bytes);
    }
  }

  /**
   * One signature, beside the image.
   *
   * @param blobs what the manifest names
   */
  public record Attached(Document manifest, List<Document> blobs) {
    public Attached {
      blobs = List.copyOf(blobs);
    }
  }

  /** The bundle of a file of that digest, one line of JSON. */
  public String ofFile(Digest file) {
    return bundle(
            "messageSignature",
            object(
                "messageDigest",
                object(
                    "algorithm", new Json.Str("SHA2_256"),
                    "digest", new Json.Str(base64(file.bytes()))),
                "signature",
                new Json.Str(base64(signer.apply(file)))))
        .compact();
  }

  private Json.Obj bundle(String member, Json.Obj content) {
    Json hint = new Json.Str(base64(fingerprint.bytes()));
    return object(
        "mediaType",
        new Json.Str(KeySignature.BUNDLE_TYPE),
        "verificationMaterial",
        object("publicKey", object("hint", hint)),
        member,
        content);
  }

  /**
   * The image under the tag {@code sha256-<hex>.sig} that signs an image (cosign, SIGNATURE_SPEC).
   *
   * @param reference the repository, for people: nothing compares it
   */
  public Attached legacy(Digest image, String reference) {
    byte[] payload =
        bytes(
            object(
                "critical",
                object(
                    "identity", object("docker-reference", new Json.Str(reference)),
                    "image", object("docker-manifest-digest", new Json.Str(image.toString())),
                    "type", new Json.Str(Claim.SIMPLE_TYPE)),
                "optional",
                new Json.Null()));
    var layer = new Document(SIMPLE_SIGNING, payload);
    Map<String, Json> described = new LinkedHashMap<>(descriptor(layer).members());
    described.put(
        "annotations",
        object(
            KeySignature.SIGNATURE_ANNOTATION,
            new Json.Str(base64(signer.apply(Digest.of(payload))))));
    Json diffIds = new Json.Arr(List.of(new Json.Str(layer.digest().toString())));
    var config =
        new Document(
            InstallerFiles.CONFIG_TYPE,
            bytes(
                object(
                    "architecture", new Json.Str(""),
                    "os", new Json.Str(""),
                    "rootfs", object("type", new Json.Str("layers"), "diff_ids", diffIds))));
    Json.Obj manifest =
        object(
            "schemaVersion",
            Json.Num.of(2),
            "mediaType",
            new Json.Str(InstallerFiles.MANIFEST_TYPE),
            "config",
            descriptor(config),
            "layers",
            new Json.Arr(List.of(new Json.Obj(described))));
    return new Attached(manifest(manifest), List.of(config, layer));
  }

  /**
   * The artifact that refers to an image and signs it.
   *
   * @param mediaType of the image's manifest or index
   * @param size of that, in bytes
   */
  public Attached bundle(Digest image, String mediaType, long size) {
    byte[] statement =
        bytes(
            object(
                "_type", new Json.Str(Claim.STATEMENT_V1),
                "subject",
                    new Json.Arr(
                        List.of(object("digest", object("sha256", new Json.Str(image.hex()))))),
                "predicateType", new Json.Str(Claim.COSIGN_SIGN),
                "predicate", object()));
    byte[] signature = signer.apply(Digest.of(KeySignature.preAuthentication(statement)));
    Json.Obj envelope =
        object(
            "payload", new Json.Str(base64(statement)),
            "payloadType", new Json.Str(KeySignature.STATEMENT_TYPE),
            "signatures", new Json.Arr(List.of(object("sig", new Json.Str(base64(signature))))));
    var layer = new Document(KeySignature.BUNDLE_TYPE, bytes(bundle("dsseEnvelope", envelope)));
    var empty = new Document(EMPTY_TYPE, "{}".getBytes(UTF_8));
    Json.Obj manifest =
        object(
            "schemaVersion", Json.Num.of(2),
            "mediaType", new Json.Str(InstallerFiles.MANIFEST_TYPE),
            "artifactType", new Json.Str(KeySignature.BUNDLE_TYPE),
            "config", descriptor(empty),
            "layers", new Json.Arr(List.of(descriptor(layer))),
            "subject", descriptor(mediaType, image, size),
            "annotations",
                object(
                    "dev.sigstore.bundle.content", new Json.Str("dsse-envelope"),
                    "dev.sigstore.bundle.predicateType", new Json.Str(Claim.COSIGN_SIGN)));
    return new Attached(manifest(manifest), List.of(empty, layer));
  }

  private static Document manifest(Json.Obj content) {
    return new Document(InstallerFiles.MANIFEST_TYPE, bytes(content));
  }

  private static Json.Obj descriptor(Document of) {
    return descriptor(of.mediaType(), of.digest(), of.bytes().length);
  }

  private static Json.Obj descriptor(String mediaType, Digest digest, long size) {
    return object(
        "mediaType", new Json.Str(mediaType),
        "digest", new Json.Str(digest.toString()),
        "size", Json.Num.of(size));
  }

  private static Json.Obj object(Object... namesAndValues) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put((String) namesAndValues[i], (Json) namesAndValues[i + 1]);
    }
    return new Json.Obj(members);
  }

  private static byte[] bytes(Json.Obj content) {
    return content.compact().getBytes(UTF_8);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
