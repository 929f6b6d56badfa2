package dev.moonboot.tls;

import dev.moonboot.config.ConfigReader;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a listener shows that it is who it says.
 *
 * @param certificate PEM: the certificate, then those that signed it
 * @param key PEM: the certificate's private key, not encrypted: PKCS #8, PKCS #1 or SEC 1
 * @param readable whether the key is used though anybody may read it
 */
public record TlsFiles(Path certificate, Path key, boolean readable) {
  /** With a key that only its owner and group may read. */
  public TlsFiles(Path certificate, Path key) {
    this(certificate, key, false);
  }

  /** As {@link #read(ConfigReader, String, boolean)}, with a key that not anybody may read. */
  public static Optional<TlsFiles> read(ConfigReader in, String of) {
    return read(in, of, false);
  }

  /**
   * Reads a section {@code tls}; empty when it names no files.
   *
   * @param of whose it is, for people: {@code the admin listener's certificate}
   * @param readable whether the key may be one that anybody may read
   */
  public static Optional<TlsFiles> read(ConfigReader in, String of, boolean readable) {
    Optional<Path> certificate =
        in.optionalPath("certificate", "PEM file: " + of + ", then those that signed it");
    Optional<Path> key =
        in.optionalPath("key", "PEM file: the private key of that certificate, not encrypted");
    if (certificate.isPresent() != key.isPresent()) {
      in.problem(
          certificate.isPresent() ? "certificate" : "key",
          "certificate and key have to be set both, or neither");
    }
    if (certificate.isEmpty() || key.isEmpty()) {
      return Optional.empty();
    }
    TlsFiles files = new TlsFiles(certificate.get(), key.get(), readable);
    try {
      KeyPairFiles.read(files);
    } catch (CertificateFilesException e) {
      in.problem("certificate", String.valueOf(e.getMessage()));
    }
    return Optional.of(files);
  }
}
