package dev.moonboot.assets.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is kept of a signature to check it again without a network. Written into a proof as base64
 * by name; where several digests are covered the names end with {@code .1}, {@code .2} ….
 */
sealed interface Evidence {
  /** All evidence of a proof, in base64. */
  int MAX_BYTES = 128 << 10;

  /** The digest that is covered. */
  Digest subject();

  /** A signature by a key, with the key. */
  record ByKey(Digest subject, KeySignature signature, TrustedKey key, SignatureAlgorithm algorithm)
      implements Evidence {}

  /** A signature by an identity, whole: what proves the identity stands in it. */
  record ByIdentity(Digest subject, Candidate candidate) implements Evidence {}

  /**
   * The members of a proof.
   *
   * @throws UnusableException when they are larger than what is kept
   */
  static Map<String, String> write(List<Evidence> pieces) {
    Map<String, String> all = new LinkedHashMap<>();
    for (int i = 0; i < pieces.size(); i++) {
      String suffix = i == 0 ? "" : "." + i;
      members(pieces.get(i))
          .forEach(
              (name, bytes) -> all.put(name + suffix, Base64.getEncoder().encodeToString(bytes)));
    }
    long size = all.values().stream().mapToLong(String::length).sum();
    if (size > MAX_BYTES) {
      throw new UnusableException(
          "it takes %d bytes to keep, and at most %d are kept".formatted(size, MAX_BYTES));
    }
    return all;
  }

  private static Map<String, byte[]> members(Evidence piece) {
    Map<String, byte[]> members = new LinkedHashMap<>();
    members.put("subject", piece.subject().toString().getBytes(UTF_8));
    switch (piece) {
      case ByKey(var _, var signature, var key, var algorithm) -> {
        members.put("form", signature.form().name().getBytes(UTF_8));
        members.put("content", signature.content());
        members.put("signature", signature.signature());
        members.put("algorithm", algorithm.id().getBytes(UTF_8));
        members.put("key", key.key().getEncoded());
      }
      case ByIdentity(var _, Candidate.Bundle bundle) -> members.put("bundle", bundle.document());
      case ByIdentity(var _, Candidate.SimpleSigning simple) -> {
        members.put("payload", simple.payload());
        new TreeMap<>(simple.annotations())
            .forEach((name, text) -> members.put("annotation/" + name, text.getBytes(UTF_8)));
      }
    }
    return members;
  }

  /**
   * What was written.
   *
   * @throws UnusableException when that is not what it is
   */
  static List<Evidence> read(Map<String, String> members) {
    List<Evidence> pieces = new ArrayList<>();
    int known = 0;
    for (int i = 0; i == 0 || members.containsKey("subject." + i); i++) {
      Map<String, byte[]> own = own(members, i == 0 ? "" : "." + i);
      known += own.size();
      pieces.add(piece(own));
    }
    if (known != members.size()) {
      throw new UnusableException("it holds more than was written");
    }
    return pieces;
  }

  private static Map<String, byte[]> own(Map<String, String> members, String suffix) {
    Map<String, byte[]> own = new LinkedHashMap<>();
    members.forEach((name, text) -> {
      String plain = name.replaceFirst("\\.\\d+$", "");
      if (name.equals(plain + suffix)) {
        own.put(plain, Documents.base64(name, text, MAX_BYTES));
      }
    });
    return own;
  }

  private static Evidence piece(Map<String, byte[]> own) {
    Evidence piece = parsed(own);
    if (!members(piece).keySet().equals(own.keySet())) {
      throw new UnusableException("it holds more than was written");
    }
    return piece;
  }

  private static Evidence parsed(Map<String, byte[]> own) {
    try {
      Digest subject = Digest.parse(text(own, "subject"));
      if (own.containsKey("bundle")) {
        return new ByIdentity(subject, new Candidate.Bundle(subject, bytes(own, "bundle")));
      }
      if (own.containsKey("payload")) {
        Map<String, String> annotations = new LinkedHashMap<>();
        own.forEach((name, bytes) -> {
          if (name.startsWith("annotation/")) {
            annotations.put(name.substring("annotation/".length()), new String(bytes, UTF_8));
          }
        });
        return new ByIdentity(
            subject, new Candidate.SimpleSigning(subject, bytes(own, "payload"), annotations));
      }
      SignatureAlgorithm algorithm =
          SignatureAlgorithm.parse(text(own, "algorithm"))
              .orElseThrow(() -> new UnusableException("its algorithm is not known"));
      var signature =
          new KeySignature(
              KeySignature.Form.valueOf(text(own, "form")),
              bytes(own, "content"),
              bytes(own, "signature"));
      return new ByKey(
          subject, signature, TrustedKey.kept(bytes(own, "key"), algorithm), algorithm);
    } catch (IllegalArgumentException e) {
      throw new UnusableException(String.valueOf(e.getMessage()));
    }
  }

  private static String text(Map<String, byte[]> own, String name) {
    return new String(bytes(own, name), UTF_8);
  }

  private static byte[] bytes(Map<String, byte[]> own, String name) {
    byte[] bytes = own.get(name);
    if (bytes == null) {
      throw new UnusableException("its " + name + " is missing");
    }
    return bytes;
  }
}
