package dev.moonboot.testing;

import static dev.moonboot.testing.RegistryFixture.bytes;
import static dev.moonboot.testing.RegistryFixture.descriptor;
import static dev.moonboot.testing.RegistryFixture.object;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import dev.moonboot.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Signs images as cosign does with a key, without cosign. Each has a key of its own. */
public final class CosignFixture {
  public static final String BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";
  public static final String SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json";
  public static final String SIMPLE_TYPE = "cosign container image signature";
  public static final String STATEMENT = "https://in-toto.io/Statement/v1";
  public static final String COSIGN_SIGN = "https://sigstore.dev/cosign/sign/v1";
  public static final String IN_TOTO = "application/vnd.in-toto+json";

  private final KeyPair pair;
  private final String algorithm;

  private CosignFixture(KeyPair pair, String algorithm) {
    this.pair = pair;
    this.algorithm = algorithm;
  }

  /** ECDSA on P-256 with SHA-256, as cosign has it. */
  public static CosignFixture p256() {
    return curve("secp256r1", "SHA256withECDSA");
  }

  /** ECDSA on P-384 with SHA-384. */
  public static CosignFixture p384() {
    return curve("secp384r1", "SHA384withECDSA");
  }

  private static CosignFixture curve(String name, String algorithm) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(name));
      return new CosignFixture(generator.generateKeyPair(), algorithm);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Ed25519. */
  public static CosignFixture ed25519() {
    return sized("Ed25519", 255, "Ed25519");
  }

  /** RSA, PKCS #1 v1.5, with SHA-256. */
  public static CosignFixture rsa(int bits) {
    return sized("RSA", bits, "SHA256withRSA");
  }

  private static CosignFixture sized(String kind, int bits, String algorithm) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
      generator.initialize(bits);
      return new CosignFixture(generator.generateKeyPair(), algorithm);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** The public key in PEM, as {@code cosign.pub} is. */
  public String publicKey() {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(pair.getPublic().getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }

  /** Writes the public key. */
  public Path writePublicKey(Path file) {
    try {
      return Files.writeString(file, publicKey());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SHA-256 of the public key's DER. */
  public Digest fingerprint() {
    return Digest.of(pair.getPublic().getEncoded());
  }

  /** A signature over {@code message}. */
  public byte[] sign(byte[] message) {
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(pair.getPrivate());
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** The first form: an image under {@code sha256-<hex>.sig}. */
  public Digest signLegacy(RegistryFixture registry, String repository, Digest image) {
    return putLegacy(registry, repository, image, List.of(legacy(payload(image, Map.of()))));
  }

  /** The second form: a bundle with a statement, that refers to the image. */
  public Digest signBundle(RegistryFixture registry, String repository, Digest image) {
    return new Attachments(registry, repository).attach(image, BUNDLE, bundle(image));
  }

  /**
   * A payload beside its signature.
   *
   * @param signature the annotation as it stands
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Legacy(byte[] payload, String signature) {}

  /** Signs a payload of the first form. */
  public Legacy legacy(byte[] payload) {
    return new Legacy(payload, base64(sign(payload)));
  }

  /** A payload for that image; {@code optional} as {@code cosign sign -a} fills it. */
  public static byte[] payload(Digest image, Map<String, String> optional) {
    return payload(image.toString(), SIMPLE_TYPE, optional);
  }

  /** A payload in every detail. */
  public static byte[] payload(String image, String type, Map<String, String> optional) {
    return bytes(
        object(
            "critical",
            object(
                "identity", object("docker-reference", new Json.Str("ghcr.io/acme/talos")),
                "image", object("docker-manifest-digest", new Json.Str(image)),
                "type", new Json.Str(type)),
            "optional",
            optional.isEmpty() ? new Json.Null() : texts(optional)));
  }

  /** Puts signatures of the first form, all in one image as cosign does. */
  public static Digest putLegacy(
      RegistryFixture registry, String repository, Digest image, List<Legacy> signatures) {
    byte[] config =
        "{\"architecture\":\"\",\"os\":\"\",\"rootfs\":{\"type\":\"layers\"}}".getBytes(UTF_8);
    registry.putBlob(repository, config);
    signatures.forEach(signature -> registry.putBlob(repository, signature.payload()));
    List<Json> layers =
        signatures.stream()
            .<Json>map(signature -> {
              Map<String, Json> members =
                  new LinkedHashMap<>(descriptor(SIMPLE_SIGNING, signature.payload()).members());
              members.put(
                  "annotations",
                  texts(Map.of("dev.cosignproject.cosign/signature", signature.signature())));
              return new Json.Obj(members);
            })
            .toList();
    Digest manifest =
        registry.putManifest(
            repository,
            RegistryFixture.MANIFEST,
            bytes(
                object(
                    "schemaVersion",
                    Json.Num.of(2),
                    "mediaType",
                    new Json.Str(RegistryFixture.MANIFEST),
                    "config",
                    descriptor(RegistryFixture.CONFIG, config),
                    "layers",
                    new Json.Arr(layers))));
    registry.tag(repository, image.fileName() + ".sig", manifest);
    return manifest;
  }

  /** A bundle with a statement for that image. */
  public byte[] bundle(Digest image) {
    return bundle(statement(image, Map.of()));
  }

  /** A bundle with that payload in its envelope. */
  public byte[] bundle(byte[] payload) {
    return bundle(payload, IN_TOTO, 1);
  }

  /** A bundle in every detail. */
  public byte[] bundle(byte[] payload, String payloadType, int signatures) {
    String signature = base64(sign(preAuthentication(payloadType, payload)));
    Json[] all = new Json[signatures];
    Arrays.fill(all, object("sig", new Json.Str(signature)));
    return bundle(
        "dsseEnvelope",
        object(
            "payload", new Json.Str(base64(payload)),
            "payloadType", new Json.Str(payloadType),
            "signatures", new Json.Arr(List.of(all))));
  }

  /** A bundle with a signature of the manifest's own bytes. */
  public byte[] messageBundle(byte[] manifest) {
    return bundle(
        "messageSignature",
        object(
            "messageDigest",
            object(
                "algorithm", new Json.Str("SHA2_256"),
                "digest", new Json.Str(base64(HexFormat.of().parseHex(Digest.of(manifest).hex())))),
            "signature",
            new Json.Str(base64(sign(manifest)))));
  }

  private byte[] bundle(String member, Json.Obj content) {
    byte[] hint = HexFormat.of().parseHex(fingerprint().hex());
    return bytes(
        object(
            "mediaType",
            new Json.Str(BUNDLE),
            "verificationMaterial",
            object("publicKey", object("hint", new Json.Str(base64(hint)))),
            member,
            content));
  }

  /** A statement for that image; annotations as {@code cosign sign -a} fills them. */
  public static byte[] statement(Digest image, Map<String, String> annotations) {
    return statement(List.of(image.hex()), STATEMENT, COSIGN_SIGN, annotations);
  }

  /** A statement in every detail. */
  public static byte[] statement(
      List<String> subjects, String type, String predicateType, Map<String, String> annotations) {
    List<Json> items =
        subjects.stream()
            .<Json>map(hex -> {
              Map<String, Json> members = new LinkedHashMap<>();
              members.put("digest", texts(Map.of("sha256", hex)));
              if (!annotations.isEmpty()) {
                members.put("annotations", texts(annotations));
              }
              return new Json.Obj(members);
            })
            .toList();
    return bytes(
        object(
            "_type", new Json.Str(type),
            "subject", new Json.Arr(items),
            "predicateType", new Json.Str(predicateType),
            "predicate", object()));
  }

  /** What is signed of an envelope (DSSE, protocol.md, "PAE"). */
  public static byte[] preAuthentication(String type, byte[] payload) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(
        ("DSSEv1 " + type.length() + " " + type + " " + payload.length + " ").getBytes(UTF_8));
    out.writeBytes(payload);
    return out.toByteArray();
  }

  private static Json.Obj texts(Map<String, String> texts) {
    Map<String, Json> members = new LinkedHashMap<>();
    texts.forEach((name, text) -> members.put(name, new Json.Str(text)));
    return new Json.Obj(members);
  }

  public static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
