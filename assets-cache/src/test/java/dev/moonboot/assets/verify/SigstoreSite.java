package dev.moonboot.assets.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import dev.moonboot.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A Sigstore of our own: a Fulcio that gives certificates of ten minutes, a certificate
 * transparency log, and a Rekor, each with its own key, and bundles as cosign writes them.
 */
final class SigstoreSite {
  private static final String LOG_HOST = "rekor.example";
  private static final ASN1ObjectIdentifier ISSUER =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.57264.1.8");
  private static final ASN1ObjectIdentifier SCT_LIST =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2");
  private static final X500Name ROOT_NAME = new X500Name("O=sigstore.example,CN=fulcio");

  /** Who signs, and when; every part of a bundle can be made to lie. */
  record Signing(String issuer, String san, Instant certificateFrom, Instant loggedAt) {}

  private final KeyPair authority = pair();
  private final KeyPair certificateLog = pair();
  private final KeyPair log = pair();
  private final X509Certificate root;

  SigstoreSite() {
    Instant from = Instant.parse("2024-01-01T00:00:00Z");
    var builder =
        new JcaX509v3CertificateBuilder(
            ROOT_NAME,
            BigInteger.ONE,
            Date.from(from),
            Date.from(from.plus(Duration.ofDays(36_500))),
            ROOT_NAME,
            authority.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(1));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
      root = certificate(builder);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private X509Certificate certificate(X509v3CertificateBuilder builder) {
    try {
      X509CertificateHolder holder =
          builder.build(
              new JcaContentSignerBuilder("SHA256withECDSA").build(authority.getPrivate()));
      return new JcaX509CertificateConverter().getCertificate(holder);
    } catch (OperatorCreationException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** What people pin: {@code trusted_root.json}. */
  Path writeTrustedRoot(Path folder) throws IOException {
    Json.Obj json =
        object(
            "mediaType",
            text("application/vnd.dev.sigstore.trustedroot+json;version=0.1"),
            "tlogs",
            array(log("https://" + LOG_HOST, log.getPublic())),
            "certificateAuthorities",
            array(
                object(
                    "subject",
                    object("organization", text("sigstore.example"), "commonName", text("fulcio")),
                    "uri",
                    text("https://fulcio.example"),
                    "certChain",
                    object("certificates", array(object("rawBytes", base64(encoded(root))))),
                    "validFor",
                    object("start", text("2024-01-01T00:00:00Z")))),
            "ctlogs",
            array(log("https://ct.example", certificateLog.getPublic())));
    return Files.writeString(folder.resolve("trusted_root.json"), json.pretty());
  }

  private static Json.Obj log(String url, PublicKey key) {
    return object(
        "baseUrl",
        text(url),
        "hashAlgorithm",
        text("SHA2_256"),
        "publicKey",
        object(
            "rawBytes",
            base64(key.getEncoded()),
            "keyDetails",
            text("PKIX_ECDSA_P256_SHA_256"),
            "validFor",
            object("start", text("2024-01-01T00:00:00Z"))),
        "logId",
        object("keyId", base64(sha256(key.getEncoded()))));
  }

  /** A bundle as {@code cosign sign} attaches it: an in-toto statement in a DSSE envelope. */
  Json.Obj sign(Signing signing, Digest subject) {
    return sign(signing, statement(subject, "https://sigstore.dev/cosign/sign/v1"));
  }

  static byte[] statement(Digest subject, String predicateType) {
    return object(
            "_type",
            text("https://in-toto.io/Statement/v1"),
            "subject",
            array(object("digest", object("sha256", text(subject.hex())))),
            "predicateType",
            text(predicateType),
            "predicate",
            object())
        .compact()
        .getBytes(UTF_8);
  }

  Json.Obj sign(Signing signing, byte[] payload) {
    KeyPair key = pair();
    X509Certificate leaf = leaf(signing, key.getPublic());
    String type = "application/vnd.in-toto+json";
    byte[] signature = sign(key, preAuthentication(type, payload));
    Json.Obj body =
        object(
            "apiVersion",
            text("0.0.1"),
            "kind",
            text("dsse"),
            "spec",
            object(
                "envelopeHash",
                object("algorithm", text("sha256"), "value", hex(sha256(payload))),
                "payloadHash",
                object("algorithm", text("sha256"), "value", hex(sha256(payload))),
                "signatures",
                array(
                    object(
                        "signature",
                        base64(signature),
                        "verifier",
                        base64(pem(leaf).getBytes(UTF_8))))));
    Json.Obj envelope =
        object(
            "payload",
            base64(payload),
            "payloadType",
            text(type),
            "signatures",
            array(object("sig", base64(signature))));
    return bundle(leaf, entry(signing, body), "dsseEnvelope", envelope);
  }

  private static Json.Obj bundle(
      X509Certificate leaf, Json.Obj entry, String content, Json.Obj value) {
    return object(
        "mediaType",
        text("application/vnd.dev.sigstore.bundle.v0.3+json"),
        "verificationMaterial",
        object(
            "certificate", object("rawBytes", base64(encoded(leaf))), "tlogEntries", array(entry)),
        content,
        value);
  }

  /** An entry of a log that holds two, so that the proof has something to prove. */
  private Json.Obj entry(Signing signing, Json.Obj body) {
    byte[] canonical = body.compact().getBytes(UTF_8);
    byte[] neighbour = sha256(new byte[] {0, 42});
    byte[] leafHash = sha256(concat(new byte[] {0}, canonical));
    byte[] rootHash = sha256(concat(new byte[] {1}, concat(leafHash, neighbour)));
    String logId = HexFormat.of().formatHex(sha256(log.getPublic().getEncoded()));
    long time = signing.loggedAt().getEpochSecond();
    String promised =
        "{\"body\":\"%s\",\"integratedTime\":%d,\"logID\":\"%s\",\"logIndex\":0}"
            .formatted(Base64.getEncoder().encodeToString(canonical), time, logId);
    return object(
        "logIndex",
        text("0"),
        "logId",
        object("keyId", base64(sha256(log.getPublic().getEncoded()))),
        "kindVersion",
        object("kind", text("dsse"), "version", text("0.0.1")),
        "integratedTime",
        text(Long.toString(time)),
        "inclusionPromise",
        object("signedEntryTimestamp", base64(sign(log, promised.getBytes(UTF_8)))),
        "inclusionProof",
        object(
            "logIndex",
            text("0"),
            "rootHash",
            base64(rootHash),
            "treeSize",
            text("2"),
            "hashes",
            array(base64(neighbour)),
            "checkpoint",
            object("envelope", text(checkpoint(rootHash)))),
        "canonicalizedBody",
        base64(canonical));
  }

  private String checkpoint(byte[] rootHash) {
    String note = LOG_HOST + " - 1\n2\n" + Base64.getEncoder().encodeToString(rootHash) + "\n";
    byte[] hint = Arrays.copyOf(sha256(log.getPublic().getEncoded()), 4);
    String signature =
        Base64.getEncoder().encodeToString(concat(hint, sign(log, note.getBytes(UTF_8))));
    return note + "\n\u2014 " + LOG_HOST + " " + signature + "\n";
  }

  private X509Certificate leaf(Signing signing, PublicKey key) {
    try {
      byte[] precertificate = precertificate(signing, key).getTBSCertificate();
      X509v3CertificateBuilder builder = leafBuilder(signing, key);
      builder.addExtension(
          SCT_LIST, false, new DEROctetString(timestamps(signing, precertificate)));
      return certificate(builder);
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private X509Certificate precertificate(Signing signing, PublicKey key) throws IOException {
    return certificate(leafBuilder(signing, key));
  }

  private X509v3CertificateBuilder leafBuilder(Signing signing, PublicKey key) throws IOException {
    Instant from = signing.certificateFrom();
    var builder =
        new JcaX509v3CertificateBuilder(
            ROOT_NAME,
            BigInteger.TWO,
            Date.from(from),
            Date.from(from.plus(Duration.ofMinutes(10))),
            new X500Name("CN=leaf"),
            key);
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_codeSigning));
    builder.addExtension(
        Extension.subjectAlternativeName,
        true,
        new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, signing.san())));
    builder.addExtension(ISSUER, false, new DERUTF8String(signing.issuer()));
    return builder;
  }

  /** A list of one signed certificate timestamp (RFC 6962, 3.2 and 3.3). */
  private byte[] timestamps(Signing signing, byte[] precertificate) throws IOException {
    long time = signing.certificateFrom().toEpochMilli();
    byte[] signed =
        bytes(out -> {
          out.write(new byte[] {0, 0});
          out.writeLong(time);
          out.writeShort(1); // precert_entry
          out.write(sha256(authority.getPublic().getEncoded()));
          out.writeByte(precertificate.length >> 16);
          out.writeShort(precertificate.length);
          out.write(precertificate);
          out.writeShort(0); // no extensions
        });
    byte[] signature = sign(certificateLog, signed);
    byte[] timestamp =
        bytes(out -> {
          out.writeByte(0);
          out.write(sha256(certificateLog.getPublic().getEncoded()));
          out.writeLong(time);
          out.writeShort(0);
          out.write(new byte[] {4, 3}); // SHA-256, ECDSA
          out.writeShort(signature.length);
          out.write(signature);
        });
    return bytes(out -> {
      out.writeShort(timestamp.length + 2);
      out.writeShort(timestamp.length);
      out.write(timestamp);
    });
  }

  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] bytes(Writing writing) throws IOException {
    var bytes = new ByteArrayOutputStream();
    writing.to(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  /** DSSE, "pre-authentication encoding". */
  private static byte[] preAuthentication(String type, byte[] payload) {
    String head = "DSSEv1 %d %s %d ".formatted(type.length(), type, payload.length);
    return concat(head.getBytes(UTF_8), payload);
  }

  private static byte[] sign(KeyPair key, byte[] message) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(key.getPrivate());
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String pem(X509Certificate certificate) {
    String lines =
        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded(certificate));
    return "-----BEGIN CERTIFICATE-----\n" + lines + "\n-----END CERTIFICATE-----\n";
  }

  private static byte[] sha256(byte[] bytes) {
    return HexFormat.of().parseHex(Digest.of(bytes).hex());
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  static Json.Obj object(Object... namesAndValues) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put((String) namesAndValues[i], (Json) namesAndValues[i + 1]);
    }
    return new Json.Obj(members);
  }

  static Json.Arr array(Json... items) {
    return new Json.Arr(List.of(items));
  }

  static Json.Str text(String text) {
    return new Json.Str(text);
  }

  static Json.Str base64(byte[] bytes) {
    return text(Base64.getEncoder().encodeToString(bytes));
  }

  private static Json.Str hex(byte[] bytes) {
    return text(HexFormat.of().formatHex(bytes));
  }
}
