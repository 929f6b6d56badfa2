package dev.moonboot.tls;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A listener's certificate and whom it lets in, read again when their files have changed. What can
 * not be used as it is leaves the old in force. Connections stay as they are.
 */
public final class MutualTls {
  private static final System.Logger LOG = System.getLogger(MutualTls.class.getName());

  /**
   * What is in force.
   *
   * @param context has sessions of its own: none that began under another {@code trust} is resumed
   */
  public record Current(ClientTrust trust, SSLContext context) {}

  private final ServerCertificate certificate;
  private final ClientTrustFiles files;
  private final AtomicReference<Current> current;
  private List<FileVersion> seen;
  private volatile @Nullable String trouble;

  /**
   * @throws CertificateFilesException when a file cannot be used
   */
  public MutualTls(TlsFiles server, ClientTrustFiles clients) throws CertificateFilesException {
    certificate = new ServerCertificate(server);
    files = clients;
    seen = versions(clients);
    current = new AtomicReference<>(with(ClientTrust.read(clients)));
  }

  /** What is in force for whoever connects now. */
  public Current current() {
    return current.get();
  }

  /** Why the files are not in force as they are, for people; empty when they are. */
  public Optional<String> trouble() {
    String why =
        Stream.concat(certificate.trouble().stream(), Optional.ofNullable(trouble).stream())
            .collect(Collectors.joining("; "));
    return why.isEmpty() ? Optional.empty() : Optional.of(why);
  }

  /** Reads the files if they have changed; called now and then. */
  public synchronized void look() {
    certificate.look();
    List<FileVersion> now = versions(files);
    if (now.equals(seen)) {
      return;
    }
    seen = now;
    try {
      current.set(with(ClientTrust.read(files)));
      trouble = null;
      LOG.log(Level.INFO, "client_authorities files={0}", files.authorities());
    } catch (CertificateFilesException e) {
      trouble = e.getMessage();
      LOG.log(
          Level.ERROR,
          "client_authorities files={0} kept=old why=\"{1}\"",
          files.authorities(),
          e.getMessage());
    }
  }

  private static List<FileVersion> versions(ClientTrustFiles files) {
    List<Path> all = new ArrayList<>(files.authorities());
    if (files.revoked() != null) {
      all.add(files.revoked());
    }
    return FileVersion.of(all);
  }

  private Current with(ClientTrust trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {certificate.keys()}, new TrustManager[] {trust}, null);
      return new Current(trust, context);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has TLS", e);
    }
  }
}
