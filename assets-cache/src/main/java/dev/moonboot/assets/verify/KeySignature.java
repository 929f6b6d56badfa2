package dev.moonboot.assets.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import dev.moonboot.json.Json;
import java.io.ByteArrayOutputStream;
import java.security.PublicKey;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A candidate taken apart as far as a key needs it: what is signed and the signature. Whose it is
 * is asked first, what it says after that.
 *
 * @param content the payload; the SHA-256 of the message for {@link Form#MESSAGE}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record KeySignature(Form form, byte[] content, byte[] signature) {
  /** How what is signed says what it covers. */
  enum Form {
    /** cosign's first form; the payload itself is signed. */
    SIMPLE_SIGNING,
    /** A statement of in-toto in a DSSE envelope. */
    DSSE,
    /** The image's manifest itself is what was signed. */
    MESSAGE
  }

  static final String SIGNATURE_ANNOTATION = "dev.cosignproject.cosign/signature";
  static final String BUNDLE_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";
  static final String STATEMENT_TYPE = "application/vnd.in-toto+json";

  /** RSA of 16384 bits. */
  private static final int MAX_SIGNATURE = 2048;

  private static final int MAX_PAYLOAD = 128 << 10;

  /**
   * Takes a candidate apart.
   *
   * @throws UnusableException when it is not what its form demands
   */
  static KeySignature of(Candidate candidate) {
    return switch (candidate) {
      case Candidate.SimpleSigning(var _, var payload, var annotations) -> {
        String text = annotations.getOrDefault(SIGNATURE_ANNOTATION, "");
        yield new KeySignature(Form.SIMPLE_SIGNING, payload, signature(text));
      }
      case Candidate.Bundle(var _, var document) -> bundle(document);
    };
  }

  private static byte[] signature(String text) {
    if (text.isEmpty()) {
      throw new UnusableException("it has no signature");
    }
    return Documents.base64("the signature", text, MAX_SIGNATURE);
  }

  private static KeySignature bundle(byte[] document) {
    Json.Obj bundle = Documents.object("the bundle", document);
    Documents.want("the bundle", bundle, "mediaType", BUNDLE_TYPE);
    Documents.only(
        "the bundle",
        bundle,
        "mediaType",
        "verificationMaterial",
        "dsseEnvelope",
        "messageSignature");
    Optional<Json.Obj> envelope = bundle.object("dsseEnvelope");
    Optional<Json.Obj> message = bundle.object("messageSignature");
    if (envelope.isPresent() == message.isPresent()) {
      throw new UnusableException("the bundle must hold either an envelope or a message signature");
    }
    return envelope.map(KeySignature::envelope).orElseGet(() -> message(message.orElseThrow()));
  }

  /** DSSE, protocol.md: exactly one signature, as sigstore_bundle.proto demands. */
  private static KeySignature envelope(Json.Obj envelope) {
    Documents.only("the envelope", envelope, "payload", "payloadType", "signatures");
    Documents.want("the envelope", envelope, "payloadType", STATEMENT_TYPE);
    List<Json> signatures = envelope.array("signatures").orElse(List.of());
    if (signatures.size() != 1 || !(signatures.getFirst() instanceof Json.Obj one)) {
      throw new UnusableException(
          "the envelope has %d signatures, not one".formatted(signatures.size()));
    }
    Documents.only("the signature", one, "sig", "keyid");
    String payload = Documents.text("the envelope", envelope, "payload");
    return new KeySignature(
        Form.DSSE,
        Documents.base64("the payload", payload, MAX_PAYLOAD),
        signature(Documents.text("the signature", one, "sig")));
  }

  private static KeySignature message(Json.Obj message) {
    Documents.only("the message signature", message, "messageDigest", "signature");
    Json.Obj digest = Documents.object("the message signature", message, "messageDigest");
    Documents.only("the message digest", digest, "algorithm", "digest");
    Documents.want("the message digest", digest, "algorithm", "SHA2_256");
    byte[] hash =
        Documents.base64(
            "the message digest", Documents.text("the message digest", digest, "digest"), 32);
    return new KeySignature(
        Form.MESSAGE,
        hash,
        signature(Documents.text("the message signature", message, "signature")));
  }

  /** The algorithm by which {@code key} made it; empty when that key did not. */
  Optional<SignatureAlgorithm> madeBy(TrustedKey key) {
    return key.algorithms().stream().filter(algorithm -> isGood(key.key(), algorithm)).findFirst();
  }

  /**
   * Fails unless the key made it, by the one algorithm that keys of its kind sign with.
   *
   * @param certified the key in a certificate, which a policy cannot know beforehand
   */
  void requireMadeBy(PublicKey certified) {
    if (Stream.of(SignatureAlgorithm.values())
        .noneMatch(algorithm -> algorithm.fits(certified) && isGood(certified, algorithm))) {
      throw new UnusableException("its signature is not by the key in its certificate");
    }
  }

  private boolean isGood(PublicKey key, SignatureAlgorithm algorithm) {
    return switch (form) {
      case SIMPLE_SIGNING -> SignatureCheck.isGood(algorithm, key, content, signature);
      case DSSE -> SignatureCheck.isGood(algorithm, key, preAuthentication(content), signature);
      case MESSAGE -> SignatureCheck.isGoodForHash(algorithm, key, content, signature);
    };
  }

  /** What is signed of a DSSE envelope (protocol.md, "PAE"). */
  static byte[] preAuthentication(byte[] statement) {
    // no format: some locales have digits of their own
    String head =
        "DSSEv1 " + STATEMENT_TYPE.length() + " " + STATEMENT_TYPE + " " + statement.length + " ";
    var out = new ByteArrayOutputStream();
    out.writeBytes(head.getBytes(UTF_8));
    out.writeBytes(statement);
    return out.toByteArray();
  }

  /**
   * What it says, when it covers {@code subject}.
   *
   * @throws UnusableException when it says something else
   */
  Claim claim(Digest subject) {
    return switch (form) {
      case SIMPLE_SIGNING -> Claim.simpleSigning(content, subject);
      case DSSE -> Claim.statement(content, subject);
      case MESSAGE -> {
        if (!HexFormat.of().formatHex(content).equals(subject.hex())) {
          throw new UnusableException("it is for another image");
        }
        yield new Claim(null);
      }
    };
  }
}
