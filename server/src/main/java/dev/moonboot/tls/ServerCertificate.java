package dev.moonboot.tls;

import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A listener's certificate, read again when its files have changed. Certificate and key are
 * replaced one after the other: until they fit together again the old pair stays in force.
 */
public final class ServerCertificate {
  private static final System.Logger LOG = System.getLogger(ServerCertificate.class.getName());

  private final TlsFiles files;
  private final AtomicReference<KeyPairFiles> pair;
  private List<FileVersion> seen;
  private volatile @Nullable String trouble;

  /**
   * @throws CertificateFilesException when the files cannot be used
   */
  public ServerCertificate(TlsFiles files) throws CertificateFilesException {
    this.files = files;
    this.seen = versions(files);
    this.pair = new AtomicReference<>(KeyPairFiles.read(files));
  }

  /** TLS with whatever certificate is in force when a client connects. */
  public SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {keys()}, null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has TLS", e);
    }
  }

  /** What shows whatever certificate is in force when a client connects. */
  public X509ExtendedKeyManager keys() {
    return new CurrentKey(pair::get);
  }

  /** Why the files are not in force as they are, for people; empty when they are. */
  public Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  /** Whom the certificate in force names. */
  public String subject() {
    return pair.get().leaf().getSubjectX500Principal().getName();
  }

  /** Reads the files if they have changed; called now and then. */
  public synchronized void look() {
    try {
      List<FileVersion> now = versions(files);
      if (now.equals(seen)) {
        return;
      }
      seen = now;
      KeyPairFiles read = KeyPairFiles.read(files);
      pair.set(read);
      trouble = null;
      LOG.log(
          Level.INFO,
          "certificate file={0} subject=\"{1}\" until={2}",
          files.certificate(),
          read.leaf().getSubjectX500Principal(),
          read.leaf().getNotAfter().toInstant());
    } catch (CertificateFilesException e) {
      trouble = e.getMessage();
      LOG.log(
          Level.ERROR,
          "certificate file={0} key={1} kept=old why=\"{2}\"",
          files.certificate(),
          files.key(),
          e.getMessage());
    }
  }

  private static List<FileVersion> versions(TlsFiles files) {
    return FileVersion.of(List.of(files.certificate(), files.key()));
  }
}
