package dev.moonboot.assets.verify;

import dev.moonboot.assets.Digest;
import dev.moonboot.json.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What signed content says of the image it is for; only read once the signature was found good.
 *
 * @param signedAt when it was signed, by what the signer put under the signature: {@code created}
 *     (RFC 3339, {@code cosign sign -a created=…}) or {@code timestamp} (seconds since 1970); null
 *     when it does not say
 */
record Claim(@Nullable Instant signedAt) {
  static final String SIMPLE_TYPE = "cosign container image signature";
  static final String STATEMENT_V1 = "https://in-toto.io/Statement/v1";
  static final String COSIGN_SIGN = "https://sigstore.dev/cosign/sign/v1";

  /**
   * Reads a payload of simple signing (containers-signature(5), "JSON data format"), which must be
   * for {@code subject}. The reference in it is not compared: an image may be copied to another
   * repository, and the digest says which image it is.
   */
  static Claim simpleSigning(byte[] payload, Digest subject) {
    Json.Obj json = Documents.object("the payload", payload);
    Documents.only("the payload", json, "critical", "optional");
    Json.Obj critical = Documents.object("the payload", json, "critical");
    Documents.only("the payload's critical part", critical, "identity", "image", "type");
    Documents.want("the payload", critical, "type", SIMPLE_TYPE);
    Json.Obj image = Documents.object("the payload", critical, "image");
    Documents.only("the payload's image", image, "docker-manifest-digest");
    String digest = Documents.text("the payload", image, "docker-manifest-digest");
    if (!digest.equals(subject.toString())) {
      throw otherImage(digest);
    }
    return new Claim(json.object("optional").flatMap(Claim::time).orElse(null));
  }

  /** Reads a statement of in-toto (attestation framework, v1), one of whose subjects must be it. */
  static Claim statement(byte[] payload, Digest subject) {
    Json.Obj json = Documents.object("the statement", payload);
    Documents.only("the statement", json, "_type", "subject", "predicateType", "predicate");
    Documents.want("the statement", json, "_type", STATEMENT_V1);
    Documents.want("the statement", json, "predicateType", COSIGN_SIGN);
    List<Json> subjects = json.array("subject").orElse(List.of());
    for (Json item : subjects) {
      if (item instanceof Json.Obj object && covers(object, subject)) {
        return new Claim(object.object("annotations").flatMap(Claim::time).orElse(null));
      }
    }
    throw otherImage(subjects.size() + " subjects");
  }

  private static boolean covers(Json.Obj item, Digest subject) {
    return item.object("digest")
        .flatMap(digest -> digest.text("sha256"))
        .filter(subject.hex()::equals)
        .isPresent();
  }

  private static UnusableException otherImage(String which) {
    return new UnusableException("it is for another image (" + Documents.shown(which) + ")");
  }

  private static Optional<Instant> time(Json.Obj annotations) {
    try {
      Optional<String> created = annotations.text("created");
      if (created.isPresent()) {
        return created.map(Instant::parse);
      }
      return annotations.integer("timestamp").map(Instant::ofEpochSecond);
    } catch (DateTimeException e) {
      return Optional.empty(); // as if it said nothing: a rule about age will not take it
    }
  }
}
