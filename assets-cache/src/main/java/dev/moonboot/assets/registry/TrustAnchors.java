package dev.moonboot.assets.registry;

import dev.moonboot.assets.registry.RegistryException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whom we believe: the JDK's certificate authorities and the configured ones. */
final class TrustAnchors {
  private TrustAnchors() {}

  /**
   * TLS with those authorities added to the JDK's.
   *
   * @param extra PEM files
   */
  static SSLContext with(List<Path> extra) {
    try {
      KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
      all.load(null, null);
      int count = 0;
      for (X509Certificate certificate : authorities(factory(null))) {
        all.setCertificateEntry("jdk-" + count++, certificate);
      }
      for (Path file : extra) {
        for (Certificate certificate : read(file)) {
          all.setCertificateEntry("extra-" + count++, certificate);
        }
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory(all).getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new RegistryException(
          Reason.LOCAL_IO, "certificate authorities: " + e.getMessage(), e, null);
    }
  }

  private static TrustManagerFactory factory(@Nullable KeyStore keys)
      throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(keys);
    return factory;
  }

  private static X509Certificate[] authorities(TrustManagerFactory factory) {
    return Arrays.stream(factory.getTrustManagers())
        .filter(X509TrustManager.class::isInstance)
        .map(X509TrustManager.class::cast)
        .flatMap(manager -> Arrays.stream(manager.getAcceptedIssuers()))
        .toArray(X509Certificate[]::new);
  }

  private static List<Certificate> read(Path file) throws GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      List<Certificate> found =
          List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
      if (found.isEmpty()) {
        throw new RegistryException(Reason.LOCAL_IO, "no certificate in " + file);
      }
      return found;
    } catch (IOException | GeneralSecurityException e) {
      throw new RegistryException(
          Reason.LOCAL_IO, "cannot read certificates from " + file + ": " + e, e, null);
    }
  }
}
