package dev.moonboot.http;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/**
 * A listener's certificate, read again when its files have changed. Certificate and key are
 * replaced one after the other: until they fit together again the old pair stays in force.
 */
final class ServerCertificate {
  private static final System.Logger LOG = System.getLogger(ServerCertificate.class.getName());

  /** When both files were changed last. */
  private record Stamp(FileTime certificate, FileTime key) {
    static Stamp of(TlsFiles files) throws IOException {
      return new Stamp(time(files.certificate()), time(files.key()));
    }

    private static FileTime time(Path file) throws IOException {
      return Files.getLastModifiedTime(file);
    }
  }

  private final TlsFiles files;
  private final AtomicReference<KeyPairFiles> pair;
  private Stamp seen;

  /**
   * @throws CertificateFilesException when the files cannot be used
   */
  ServerCertificate(TlsFiles files) throws CertificateFilesException {
    this.files = files;
    try {
      this.seen = Stamp.of(files);
    } catch (IOException e) {
      throw new CertificateFilesException("cannot be read: " + e);
    }
    this.pair = new AtomicReference<>(KeyPairFiles.read(files));
  }

  /** TLS with whatever certificate is in force when a client connects. */
  SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {new CurrentKey(pair::get)}, null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has TLS", e);
    }
  }

  /** Whom the certificate in force names. */
  String subject() {
    return pair.get().leaf().getSubjectX500Principal().getName();
  }

  /** Reads the files if they have changed; called now and then. */
  synchronized void look() {
    try {
      Stamp now = Stamp.of(files);
      if (now.equals(seen)) {
        return;
      }
      seen = now;
      KeyPairFiles read = KeyPairFiles.read(files);
      pair.set(read);
      LOG.log(
          Level.INFO,
          "certificate file={0} subject=\"{1}\" until={2}",
          files.certificate(),
          read.leaf().getSubjectX500Principal(),
          read.leaf().getNotAfter().toInstant());
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "certificate file=" + files.certificate() + " is being replaced", e);
    } catch (CertificateFilesException e) {
      LOG.log(
          Level.ERROR,
          "certificate file={0} key={1} kept=old why=\"{2}\"",
          files.certificate(),
          files.key(),
          e.getMessage());
    }
  }
}
