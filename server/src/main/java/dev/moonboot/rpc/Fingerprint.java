package dev.moonboot.rpc;

import dev.moonboot.assets.Digest;
import dev.moonboot.config.Kind;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * SHA-256 of a certificate as DER, by which {@code openssl x509 -fingerprint -sha256} names it,
 * too.
 *
 * @param text {@code sha256:} and 64 hexadecimal digits in lower case
 */
record Fingerprint(String text) {
  private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

  static final Kind<Fingerprint> KIND =
      new Kind<>("a certificate's SHA-256 fingerprint", Fingerprint::parse, Fingerprint::text);

  static Fingerprint of(X509Certificate certificate) throws CertificateEncodingException {
    return new Fingerprint(Digest.of(certificate.getEncoded()).toString());
  }

  /** With colons between the bytes or without, in any case. */
  private static Fingerprint parse(String text) {
    String digits = text.toLowerCase(Locale.ROOT).replaceFirst("^sha256:", "").replace(":", "");
    if (!FORM.matcher("sha256:" + digits).matches()) {
      throw new IllegalArgumentException(
          "64 hexadecimal digits; openssl x509 -fingerprint -sha256");
    }
    return new Fingerprint("sha256:" + digits);
  }

  @Override
  public String toString() {
    return text;
  }
}
