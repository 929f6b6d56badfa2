package dev.moonboot.assets.verify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.moonboot.assets.Digest;
import dev.moonboot.json.Json;
import dev.sigstore.bundle.Bundle;
import dev.sigstore.rekor.client.RekorEntry;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * Binds the log entry of a bundle to its signature: an entry of another signature, however true,
 * says nothing of this one. Rekor's kind {@code dsse} in its versions 0.0.1 and 0.0.2 (rekor,
 * pkg/types/dsse; rekor-tiles, dsse.proto).
 */
final class LogEntry {
  private static final int MAX_CERTIFICATE = 16 << 10;

  private LogEntry() {}

  /**
   * The bundle's entry, which is that of its signature. Whether a log holds it is another question.
   *
   * @throws UnusableException when there is not one entry, or it is that of something else
   */
  static RekorEntry of(Bundle bundle, KeySignature signature, X509Certificate leaf) {
    if (signature.form() != KeySignature.Form.DSSE) {
      throw new UnusableException("keyless signatures count as statements in DSSE envelopes only");
    }
    if (bundle.getEntries().size() != 1) {
      throw new UnusableException(
          "the bundle has %d log entries, not one".formatted(bundle.getEntries().size()));
    }
    RekorEntry entry = bundle.getEntries().getFirst();
    Json.Obj body = Documents.object("the log entry", Base64.getDecoder().decode(entry.getBody()));
    Documents.want("the log entry", body, "kind", "dsse");
    Json.Obj spec = Documents.object("the log entry", body, "spec");
    String version = Documents.text("the log entry", body, "apiVersion");
    switch (version) {
      case "0.0.1" -> bindFirst(spec, signature, leaf);
      case "0.0.2" ->
          bindSecond(Documents.object("the log entry", spec, "dsseV002"), signature, leaf);
      default ->
          throw new UnusableException("the log entry has version " + Documents.shown(version));
    }
    return entry;
  }

  private static void bindFirst(Json.Obj spec, KeySignature signature, X509Certificate leaf) {
    Json.Obj hash = Documents.object("the log entry", spec, "payloadHash");
    Documents.want("the log entry", hash, "algorithm", "sha256");
    Documents.want("the log entry", hash, "value", Digest.of(signature.content()).hex());
    Json.Obj logged = only(spec);
    require(decoded(logged, "signature"), signature.signature());
    require(pem(decoded(logged, "verifier")), encoded(leaf));
  }

  private static void bindSecond(Json.Obj spec, KeySignature signature, X509Certificate leaf) {
    Json.Obj hash = Documents.object("the log entry", spec, "payloadHash");
    Documents.want("the log entry", hash, "algorithm", "SHA2_256");
    require(decoded(hash, "digest"), HexFormat.of().parseHex(Digest.of(signature.content()).hex()));
    Json.Obj logged = only(spec);
    require(decoded(logged, "content"), signature.signature());
    Json.Obj verifier = Documents.object("the log entry", logged, "verifier");
    Json.Obj certificate = Documents.object("the log entry", verifier, "x509Certificate");
    require(decoded(certificate, "rawBytes"), encoded(leaf));
  }

  private static Json.Obj only(Json.Obj spec) {
    List<Json> signatures = spec.array("signatures").orElse(List.of());
    if (signatures.size() == 1 && signatures.getFirst() instanceof Json.Obj one) {
      return one;
    }
    throw new UnusableException(
        "the log entry has %d signatures, not one".formatted(signatures.size()));
  }

  private static byte[] decoded(Json.Obj in, String name) {
    return Documents.base64(
        "the log entry's " + name, Documents.text("the log entry", in, name), MAX_CERTIFICATE);
  }

  private static byte[] pem(byte[] text) {
    String body =
        new String(text, ISO_8859_1)
            .replace("-----BEGIN CERTIFICATE-----", "")
            .replace("-----END CERTIFICATE-----", "")
            .replaceAll("\\s", "");
    return Documents.base64("the log entry's certificate", body, MAX_CERTIFICATE);
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new UnusableException("the certificate cannot be encoded");
    }
  }

  private static void require(byte[] logged, byte[] ours) {
    if (!Arrays.equals(logged, ours)) {
      throw new UnusableException("the log entry is that of another signature");
    }
  }
}
