package dev.moonboot.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CRL;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whose client certificates a listener accepts: those that an authority of ours signed (RFC 5280,
 * 6), that are valid now, that may be used by clients, that are no authorities themselves, and that
 * are not revoked. Immutable.
 */
public final class ClientTrust extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager authorities;

  private ClientTrust(X509ExtendedTrustManager authorities) {
    this.authorities = authorities;
  }

  /**
   * Reads the files.
   *
   * @param files what {@link ClientTrustFiles} says of each
   * @throws CertificateFilesException when one cannot be used
   */
  static ClientTrust read(ClientTrustFiles files) throws CertificateFilesException {
    Set<TrustAnchor> anchors = new HashSet<>();
    for (Path file : files.authorities()) {
      CertificateFile.read(file).forEach(ca -> anchors.add(new TrustAnchor(ca, null)));
    }
    try {
      var parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
      parameters.setRevocationEnabled(false);
      if (files.revoked() != null) {
        revoke(parameters, crls(files.revoked()));
      }
      var factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(new CertPathTrustManagerParameters(parameters));
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager found) {
          return new ClientTrust(found);
        }
      }
      throw new AssertionError("every Java platform has an X.509 trust manager");
    } catch (GeneralSecurityException e) {
      throw new CertificateFilesException(
          files.authorities() + " cannot be used as authorities: " + e.getMessage());
    }
  }

  /** Each certificate must then be known not to be revoked. */
  private static void revoke(PKIXBuilderParameters parameters, Collection<? extends CRL> crls)
      throws GeneralSecurityException {
    var checker =
        (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
    checker.setOptions(EnumSet.of(Option.PREFER_CRLS, Option.NO_FALLBACK));
    parameters.setRevocationEnabled(true);
    parameters.addCertPathChecker(checker);
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(List.copyOf(crls))));
  }

  private static Collection<? extends CRL> crls(Path file) throws CertificateFilesException {
    try {
      Collection<? extends CRL> crls =
          CertificateFactory.getInstance("X.509")
              .generateCRLs(new ByteArrayInputStream(Files.readAllBytes(file)));
      if (crls.isEmpty()) {
        throw new CertificateFilesException(file + " has no revocation list in it (PEM)");
      }
      return crls;
    } catch (IOException | GeneralSecurityException e) {
      throw new CertificateFilesException(
          file + " cannot be read as a list of revoked certificates (PEM): " + e);
    }
  }

  /**
   * Looks at a client's certificates once more, as they may have ended or been revoked since it
   * connected.
   *
   * @throws CertificateException when they will not do
   */
  public void check(X509Certificate[] chain) throws CertificateException {
    checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm());
  }

  /** An authority is not to be a client: whoever has its key can make any client he likes. */
  private static void requireNoAuthority(X509Certificate[] chain) throws CertificateException {
    if (chain.length > 0 && chain[0].getBasicConstraints() >= 0) {
      throw new CertificateException("an authority's certificate is no client's");
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    requireNoAuthority(chain);
    authorities.checkClientTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
      throws CertificateException {
    requireNoAuthority(chain);
    authorities.checkClientTrusted(chain, type, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
      throws CertificateException {
    requireNoAuthority(chain);
    authorities.checkClientTrusted(chain, type, engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("only clients are checked here");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
      throws CertificateException {
    checkServerTrusted(chain, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
      throws CertificateException {
    checkServerTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return authorities.getAcceptedIssuers();
  }
}
